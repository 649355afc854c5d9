"""Changing requests that are answered, or act, in other ways."""

import time

import requests
import testtools

from tests.unit.simulator import accepting, running
from tests.unit.simulator.modes.deviations import deviating

RESET = accepting.RESET
FIRST = f'{running.NODES}/1'


class ComposeTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.client = self.running.client

    def compose(self, *names: str) -> requests.Response:
        self.running.deviate(*names)
        return self.client.post(running.ALLOCATE, {'Name': 'n'})

    def test_200(self) -> None:
        answer = self.compose('compose_200')
        self.assertEqual(200, answer.status_code)
        self.assertEqual('n', answer.json()['Name'])
        self.assertEqual(FIRST, answer.headers['Location'])

    def test_202(self) -> None:
        answer = self.compose('compose_202')
        self.assertEqual((202, b''), (answer.status_code, answer.content))
        self.assertEqual('n', self.client.get(FIRST)['Name'])
        self.assertEqual(FIRST, answer.headers['Location'])

    def test_204(self) -> None:
        answer = self.compose('compose_204')
        self.assertEqual((204, b''), (answer.status_code, answer.content))
        self.assertEqual(FIRST, answer.headers['Location'])

    def test_refusal_stays(self) -> None:
        self.running.deviate('compose_200')
        body = {'TotalSystemCoreCount': 10**6}
        answer = self.client.post(running.ALLOCATE, body)
        self.assertEqual(409, answer.status_code)

    def test_other_answers_stay(self) -> None:
        self.running.deviate('compose_204')
        self.assertEqual(201, self.client.login().status_code)

    def test_200_deviates_as_a_read_does(self) -> None:
        document = self.compose('compose_200', 'numeric_id').json()
        self.assertEqual(1, document['Id'])

    def test_absolute_location(self) -> None:
        answer = self.compose('absolute_location')
        self.assertEqual(201, answer.status_code)
        self.assertEqual(self.client.url + FIRST, answer.headers['Location'])
        login = self.client.login().headers['Location']
        self.assertTrue(login.startswith(self.client.url), login)

    def test_no_location(self) -> None:
        answer = self.compose('no_location')
        self.assertEqual(201, answer.status_code)
        self.assertNotIn('Location', answer.headers)
        self.client.get(FIRST)

    def test_no_location_of_a_monitor(self) -> None:
        self.client.modes(accept={'ms': accepting.FOR_EVER})
        answer = self.compose('no_location')
        self.assertEqual(202, answer.status_code)
        self.assertNotIn('Location', answer.headers)
        self.assertIn('TaskMonitor', answer.json())

    def test_the_answer_of_a_task_is_kept_as_it_was(self) -> None:
        self.client.modes(accept={'ms': 0})
        self.client.post(running.ALLOCATE, {})
        monitor = f'{running.TASKS}/1/Monitor'
        running.eventually(
            lambda: self.running.get(monitor).status_code == 201
        )
        self.running.deviate('no_location')
        self.assertNotIn('Location', self.running.get(monitor).headers)
        self.client.modes(deviate=False)
        self.assertEqual(FIRST, self.running.get(monitor).headers['Location'])


class DeleteTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(pods=2, systems=2))
        self.client = self.running.client
        self.node = self.client.allocate(Name='n')

    def test_200(self) -> None:
        self.running.deviate('delete_200')
        answer = self.client.delete(self.node)
        self.assertEqual(200, answer.status_code)
        self.assertIsInstance(answer.json(), str)
        self.assertEqual([], self.client.stats()['nodes'])

    def test_refusal_stays(self) -> None:
        self.running.deviate('delete_200')
        self.assertEqual(404, self.client.delete(FIRST + '1').status_code)

    def test_ghost(self) -> None:
        usual = self.client.get(self.node)
        self.running.deviate('ghosts')
        self.assertEqual(204, self.client.delete(f'{self.node}/').status_code)
        self.assertEqual([], self.client.get(running.NODES)['Members'])
        self.assertEqual(usual, self.client.get(self.node))
        self.assertEqual(404, self.client.delete(self.node).status_code)

    def test_ghost_is_not_counted(self) -> None:
        self.running.deviate('ghosts')
        self.client.delete(self.node)
        self.assertNotIn('node', self.client.stats()['calls'])

    def test_what_was_not_deleted_is_no_ghost(self) -> None:
        self.running.deviate('ghosts')
        self.assertEqual(404, self.running.get(FIRST + '1').status_code)

    def test_ghost_is_in_one_pod_only(self) -> None:
        modes = {'deviate': ['ghosts']}
        run = self.useFixture(
            deviating.Deviating(pods=2, systems=1, modes=modes)
        )
        first, second = run.clients
        first.delete(first.allocate())
        first.get(FIRST)
        self.assertEqual(404, second.call('GET', FIRST).status_code)

    def test_ghost_of_what_is_deleted_later(self) -> None:
        self.client.modes(deviate=['ghosts'], accept={'ms': 0})
        self.assertEqual(202, self.client.delete(self.node).status_code)
        running.eventually(lambda: not self.client.stats()['nodes'])
        self.assertEqual('n', self.client.get(self.node)['Name'])


class PowerTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.client = self.running.client

    def power(self) -> str:
        return str(self.client.get(running.SYSTEM)['PowerState'])

    def switch(self, reset_type: str = 'On') -> requests.Response:
        return self.client.post(RESET, {'ResetType': reset_type})

    def test_late(self) -> None:
        self.client.modes(power_ms=accepting.FOR_EVER)
        self.assertEqual(204, self.switch().status_code)
        self.assertEqual('Off', self.power())

    def test_comes_to_pass(self) -> None:
        self.client.modes(power_ms=[20, 30])
        self.switch()
        self.assertTrue(running.eventually(lambda: self.power() == 'On'))

    def test_by_its_name_it_takes_seconds(self) -> None:
        self.running.deviate('late_power')
        start = time.monotonic()
        self.switch()
        self.assertTrue(running.eventually(lambda: self.power() == 'On'))
        self.assertGreaterEqual(time.monotonic() - start, 1.9)

    def test_by_its_name_for_as_long_as_is_said(self) -> None:
        self.client.modes(deviate=['late_power'], power_ms=0)
        self.switch()
        self.assertEqual('On', self.power())

    def test_not_for_the_next_owner(self) -> None:
        node = self.client.allocate()
        self.client.assemble(node)
        self.client.settle(node)
        self.client.modes(power_ms=50)
        target = f'{node}/Actions/ComposedNode.Reset'
        self.client.post(target, {'ResetType': 'ForceOff'})
        self.client.post(target, {'ResetType': 'On'})
        self.client.delete(node)
        later = f'{running.ROOT}/Systems/1-s-2'
        self.client.post(
            f'{later}/Actions/ComputerSystem.Reset', {'ResetType': 'On'}
        )
        # This was asked for last, so that the others have had their time.
        running.eventually(
            lambda: self.client.get(later)['PowerState'] == 'On'
        )
        self.assertEqual('Off', self.power())

    def test_reset_200(self) -> None:
        self.running.deviate('reset_200')
        answer = self.switch()
        self.assertEqual(200, answer.status_code)
        (info,) = answer.json()['error']['@Message.ExtendedInfo']
        self.assertEqual('Base.1.0.Success', info['MessageId'])
        self.assertEqual('On', self.power())
        self.assertEqual(400, self.switch('Sideways').status_code)


class BootTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(deviating.Deviating(systems=2))
        self.client = self.running.client
        self.node = self.client.allocate()

    def once(self, path: str) -> requests.Response:
        boot = {
            'BootSourceOverrideEnabled': 'Once',
            'BootSourceOverrideTarget': 'Pxe',
        }
        return self.client.patch(path, {'Boot': boot})

    def test_once_is_read_as_continuous(self) -> None:
        self.running.deviate('once_continuous')
        answers = [self.once(self.node).json(), self.client.get(self.node)]
        for document in answers:
            boot = document['Boot']
            self.assertEqual('Continuous', boot['BootSourceOverrideEnabled'])
        self.client.modes(deviate=False)
        boot = self.client.get(self.node)['Boot']
        self.assertEqual('Once', boot['BootSourceOverrideEnabled'])

    def test_patch_of_a_node_is_405(self) -> None:
        self.running.deviate('patch_node_405')
        for path in (self.node, f'{self.node}/'):
            refused = self.once(path)
            self.assertEqual(405, refused.status_code)
            self.assertNotIn('PATCH', refused.headers['Allow'])
        system = self.client.system_of(self.node)
        self.assertEqual(200, self.once(system).status_code)
        boot = self.client.get(self.node)['Boot']
        self.assertEqual('Pxe', boot['BootSourceOverrideTarget'])
