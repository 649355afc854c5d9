"""Row 8: RabbitMQ is there, but not as it was; one line says what to do."""

from collections.abc import Mapping

from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.rig import Rig

#: Seconds for which nobody does what the line says.
_UNHEEDED = 20


class BrokerChanged(ChaosCase):
    """Tasks run all the same; the log is not flooded."""

    def test_row_08_vhost_deleted(self) -> None:
        rig = self.working_rig()
        sizes = log_sizes(rig)
        rig.broker.delete_vhost(rig.transport)
        self.compose_all_the_same(rig)
        errors = errors_since(rig, sizes)
        rig.broker.add_vhost(rig.transport)
        self.judge(rig)
        # It does not listen, and may see no more than connections that end.
        api = errors.pop('api1')
        self.assertLessEqual(len(api), 1)
        self.assertTrue(all('vhost' in line for line in api), api)
        self.assert_one_clear_error(errors, 'vhost')

    def test_row_08_queue_type_changed(self) -> None:
        rig = self.working_rig()
        names = rig.services.names()
        for name in names:
            rig.services.terminate(name)
        sizes = log_sizes(rig)
        quorum = ['rabbit_quorum_queue = true']
        rig.stack.reconfigure(
            {**rig.plan.options(), 'oslo_messaging_rabbit': quorum}
        )
        for name in names:
            rig.services.start(name)
        self.assertTrue(rig.wait_until_answers())
        self.compose_all_the_same(rig)
        errors = errors_since(rig, sizes)
        # It has no queue of that name: it only asks those who have.
        errors.pop('api1')
        self.assert_one_clear_error(errors, 'delete')

    def working_rig(self) -> Rig:
        rig = self.new_rig(own_broker=True)
        rig.compose(20)
        rig.wait_for_tasks()
        return rig

    def compose_all_the_same(self, rig: Rig) -> None:
        series = rig.clients.compose_for(_UNHEEDED, 2)
        rig.wait_for_tasks(30)
        self.assertEqual(set(), rig.open_tasks())
        self.assertEqual({202: len(series.replies)}, series.statuses())

    def assert_one_clear_error(
        self, errors: Mapping[str, list[str]], word: str
    ) -> None:
        """Each process says once what is wrong, and how it is put right."""
        self.note(f'ERROR lines {[len(found) for found in errors.values()]}')
        for name, found in errors.items():
            self.assertEqual(1, len(found), f'{name}: {found[:5]}')
            self.assertIn(word, found[0])


def log_sizes(rig: Rig) -> dict[str, int]:
    return {name: rig.services.log_size(name) for name in rig.services.names()}


def errors_since(rig: Rig, sizes: Mapping[str, int]) -> dict[str, list[str]]:
    """Give what each service has logged as an error since then."""
    return {
        name: [
            line
            for line in rig.services.log_since(name, size).splitlines()
            if ' ERROR ' in line
        ]
        for name, size in sizes.items()
    }
