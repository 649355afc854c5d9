"""Operations that are accepted, and happen later."""

from typing import Any

import requests
import testtools

from tests.unit.simulator import accepting, running

UNMET = {'TotalSystemCoreCount': 10**6}


class AcceptTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(accepting.Accepting())
        self.client = self.simulated.client

    def test_accepted(self) -> None:
        self.simulated.accept(retry_after=3)
        answer = self.simulated.allocate()
        self.assertEqual('3', answer.headers['Retry-After'])
        monitor = f'{running.TASKS}/1/Monitor'
        self.assertEqual(monitor, answer.headers['Location'])
        self.assertEqual(monitor, answer.json()['TaskMonitor'])
        self.assertEqual('Running', answer.json()['TaskState'])

    def test_does_not_act_at_once(self) -> None:
        self.simulated.accept()
        self.simulated.allocate()
        stats = self.client.stats()
        self.assertEqual([], stats['made'])
        self.assertEqual(2, stats['free_systems'])

    def test_acts_later(self) -> None:
        self.simulated.accept(ms=[1, 2])
        self.simulated.allocate(Description='tag')
        self.simulated.ended()
        self.assertEqual('tag', self.client.stats()['made'][0]['description'])

    def test_counted(self) -> None:
        self.client.allocate()
        self.simulated.accept()
        self.simulated.allocate()
        self.assertEqual(1, self.client.stats()['redfish_tasks'])
        self.assertEqual(1, self.simulated.pod.redfish_tasks)

    def test_share(self) -> None:
        self.simulated.accept(share=0.5)
        body = {'ResetType': 'On'}
        statuses = [
            self.client.post(accepting.RESET, body).status_code
            for _ in range(30)
        ]
        self.assertEqual({202, 204}, set(statuses))

    def test_the_other_operations(self) -> None:
        node = self.client.allocate()
        self.client.assemble(node)
        self.client.settle(node)
        self.simulated.accept(ms=0)
        off = {'ResetType': 'ForceOff'}
        for method, path, body in (
            ('POST', f'{node}/Actions/ComposedNode.Reset', off),
            (
                'POST',
                accepting.RESET,
                {'ResetType': 'On'},
            ),
            ('DELETE', node, None),
        ):
            answer = self.client.call(method, path, json=body)
            self.assertEqual(202, answer.status_code, path)
            task = self.simulated.ended(int(answer.json()['Id']))
            self.assertEqual('Completed', task['TaskState'], task)
        self.assertEqual([], self.client.stats()['nodes'])

    def test_assemble(self) -> None:
        node = self.client.allocate()
        self.simulated.accept(ms=0)
        self.assertEqual(202, self.client.assemble(node).status_code)
        self.simulated.ended()
        self.assertEqual('Assembled', self.client.settle(node))

    def test_patch_is_not_accepted(self) -> None:
        self.simulated.accept()
        answer = self.client.patch(running.SYSTEM, {'AssetTag': 'new'})
        self.assertEqual(200, answer.status_code)

    def test_plain_service_has_no_tasks(self) -> None:
        client = self.useFixture(
            running.Running(mode='plain', modes={'accept': {}})
        ).client
        answer = client.post(accepting.RESET, {'ResetType': 'On'})
        self.assertEqual(204, answer.status_code)
        self.assertNotIn('Tasks', client.get(running.ROOT))

    def test_stop_in_the_middle(self) -> None:
        self.simulated.accept()
        self.simulated.allocate()
        self.simulated.simulator.stop()
        self.assertTrue(self.simulated.pod.tasks.find('1').timer.cancelled())

    def test_goes_on_after_the_answer_was_dropped(self) -> None:
        self.simulated.accept(ms=0)
        self.client.modes(drop=True)
        self.assertTrue(self.client.is_reset('POST', running.ALLOCATE))
        self.simulated.ended()
        self.assertEqual(1, len(self.simulated.pod.made))


class RefusedTest(testtools.TestCase):
    """What would be refused is refused at once."""

    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(accepting.Accepting())
        self.client = self.simulated.client
        self.simulated.accept()

    def status(self, path: str, body: Any = None) -> int:
        return self.client.post(path, body).status_code

    def test_allocate(self) -> None:
        self.assertEqual(400, self.status(running.ALLOCATE, {'Colour': 1}))
        self.assertEqual(409, self.status(running.ALLOCATE, UNMET))

    def test_assemble(self) -> None:
        node = f'{running.NODES}/{self.simulated.pod.appear("d")}'
        self.assertEqual(409, self.client.assemble(node).status_code)
        missing = f'{running.NODES}/9'
        self.assertEqual(404, self.client.assemble(missing).status_code)

    def test_reset(self) -> None:
        self.assertEqual(
            400, self.status(accepting.RESET, {'ResetType': 'odd'})
        )
        node = f'{running.NODES}/1/Actions/ComposedNode.Reset'
        self.assertEqual(404, self.status(node, {'ResetType': 'On'}))

    def test_delete(self) -> None:
        answer = self.client.delete(f'{running.NODES}/1')
        self.assertEqual(404, answer.status_code)

    def test_no_task_is_left(self) -> None:
        self.status(running.ALLOCATE, UNMET)
        self.assertEqual([], self.client.get(running.TASKS)['Members'])


class MonitorTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(accepting.Accepting())
        self.client = self.simulated.client

    def running_one(self, kind: str) -> requests.Response:
        """Return the monitor's answer while the operation goes on."""
        self.simulated.accept(monitor=kind)
        self.simulated.allocate()
        return self.simulated.monitor()

    def ended_one(self, kind: str) -> requests.Response:
        """Return the monitor's answer after the end."""
        self.simulated.accept(ms=0, monitor=kind)
        self.simulated.allocate()
        self.simulated.ended()
        return self.simulated.monitor()

    def test_goes_on(self) -> None:
        for number, kind in enumerate(
            ('usual', 'gone', 'gone410', 'lingers', 'fails'), 1
        ):
            self.simulated.accept(monitor=kind, retry_after='date')
            self.simulated.allocate()
            answer = self.simulated.monitor(number)
            self.assertEqual(202, answer.status_code, kind)
            self.assertEqual('Running', answer.json()['TaskState'])
            self.assertIn('GMT', answer.headers['Retry-After'])
            self.assertIn('Monitor', answer.headers['Location'])

    def test_ends_as_the_call_would_have(self) -> None:
        answer = self.ended_one('usual')
        self.assertEqual(201, answer.status_code)
        self.client.get(answer.headers['Location'])

    def test_ends_again_and_again(self) -> None:
        first = self.ended_one('usual')
        self.assertEqual(
            first.status_code, self.simulated.monitor().status_code
        )

    def test_ends_without_content(self) -> None:
        node = self.client.allocate()
        self.simulated.accept(ms=0)
        self.client.delete(node)
        self.simulated.ended()
        self.assertEqual(204, self.simulated.monitor().status_code)

    def test_gone(self) -> None:
        self.assertEqual(404, self.ended_one('gone').status_code)

    def test_gone_for_good(self) -> None:
        self.assertEqual(410, self.ended_one('gone410').status_code)

    def test_early(self) -> None:
        self.assertEqual(404, self.running_one('early').status_code)
        self.assertEqual('Running', self.simulated.task()['TaskState'])

    def test_early_acts_all_the_same(self) -> None:
        self.assertEqual(404, self.ended_one('early').status_code)
        self.assertEqual(1, len(self.simulated.pod.made))

    def test_lingers(self) -> None:
        answer = self.ended_one('lingers')
        self.assertEqual(202, answer.status_code)
        self.assertEqual('Completed', answer.json()['TaskState'])

    def test_bare(self) -> None:
        self.simulated.accept(monitor='bare')
        for answer in (self.simulated.allocate(), self.simulated.monitor()):
            self.assertEqual(202, answer.status_code)
            self.assertEqual(b'', answer.content)
            self.assertNotIn('Retry-After', answer.headers)
            self.assertIn('Monitor', answer.headers['Location'])

    def test_bare_ends(self) -> None:
        self.assertEqual(201, self.ended_one('bare').status_code)

    def test_fails(self) -> None:
        answer = self.ended_one('fails')
        self.assertEqual(500, answer.status_code)
        self.assertIn('error', answer.json())
        task = self.simulated.task()
        self.assertEqual('Exception', task['TaskState'])
        self.assertIn('Message', task['Messages'][0])
        self.assertEqual([], self.simulated.pod.made)

    def test_no_retry_after(self) -> None:
        self.simulated.accept(retry_after=None)
        self.assertNotIn('Retry-After', self.simulated.allocate().headers)

    def test_missing(self) -> None:
        self.assertEqual(404, self.simulated.monitor(7).status_code)
