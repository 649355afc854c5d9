"""The driver that the documentation shows, as its own package, at work."""

import contextlib
import pathlib
from typing import Any

import testtools

from tests.fixtures import distributions
from tests.functional.podm import story
from tests.functional.podm.shelf import MACHINES, NODES, Shelf
from tests.unit.api import fixtures
from tests.unit.podm import records
from tests.unit.podm.redfish.allocations import TAG, allocate, wants
from tests.unit.podm.scripted import Reply
from tests.unit.podm.walked import walked
from valence.common import exception, http_addresses, http_client
from valence.common.states import PodManagerStatus
from valence.objects.hardware import BootOverride, MonitorState
from valence.podm import base, pool

PROJECT = pathlib.Path(__file__).parents[3] / 'doc' / 'source' / 'examples'
PROPERTIES = {
    'processor': {'total_cores': 16},
    'memory': {'capacity_mib': 16384},
}
_LIMITS = http_client.Limits(
    timeout=10, allowed_networks=http_addresses.LOOPBACK
)
_MACHINE = f'{MACHINES}/0'


class ExampleDriver(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.useFixture(distributions.Installed(PROJECT))
        self.shelf = self.useFixture(Shelf())
        self.connection = self.connect()
        self.compute = self.connection.compute

    def connect(self, **changes: Any) -> base.Connection:
        record = records.record(self.shelf.url, driver='shelf', **changes)
        connection = pool.connect(record, _LIMITS)
        self.addCleanup(connection.close)
        return connection

    def send(self, method: str, path: str, body: object, **more: Any) -> None:
        """Let the Shelf answer something else."""
        self.shelf.script[method, path] = Reply(body=body, **more)

    def test_is_known_while_it_is_installed(self) -> None:
        self.assertEqual(
            ['expether', 'redfishv1', 'shelf'], pool.known_drivers()
        )

    def test_is_taken_through_the_story(self) -> None:
        taken = story.Story(
            self, self.connection, systems=4, wanted=PROPERTIES
        )
        offered = dict.fromkeys(story.CHAPTERS, story.OFFERED)
        missing = ('boot', 'attach', 'detach')
        self.assertEqual(
            offered | dict.fromkeys(missing, story.NOT_OFFERED),
            taken.outcomes(),
        )

    def test_all_that_is_there_is_walked(self) -> None:
        node = allocate(self.compute)
        found = dict(walked(self.connection.inventory))
        self.assertEqual(5, len(found))
        self.assertEqual('ComputerSystem', found[_MACHINE])
        self.assertEqual('ComposedNode', found[node])

    def test_what_cannot_be_walked_is_told(self) -> None:
        self.shelf.script['GET', NODES] = Reply(500)
        machines, nodes = self.connection.inventory.walk()
        self.assertEqual(4, len(machines.found))
        self.assertIsNone(machines.error)
        self.assertEqual({'ComposedNode'}, nodes.types)
        self.assertIn(f'{NODES}: answered 500', str(nodes.error))

    def test_system_has_numbers(self) -> None:
        system = self.compute.get_system(_MACHINE)
        self.assertEqual(
            ('m0', 16, 64, 'On'),
            (system.id, system.cores, system.ram_gib, system.power_state),
        )

    def test_construction_connects_nothing(self) -> None:
        self.connect()
        self.assertEqual(0, self.shelf.server.connections)

    def test_probe_with_wrong_credentials(self) -> None:
        connection = self.connect(authentication=records.basic('admin', 'no'))
        found = connection.probe()
        self.assertEqual(PodManagerStatus.UNAUTHORIZED, found.status)

    def test_probe_where_nothing_works(self) -> None:
        self.send('GET', MACHINES, {'error': 'Broken.'}, status=500)
        found = self.connection.probe()
        self.assertEqual(PodManagerStatus.OFFLINE, found.status)
        self.assertIn('Broken.', found.reason)

    def test_wait_for_power_is_not_ours(self) -> None:
        going_on = self.compute.reset_system(_MACHINE, 'ForceOff')
        states = [
            self.connection.look(going_on.monitor).state for _ in range(2)
        ]
        self.assertEqual([MonitorState.RUNNING, MonitorState.DONE], states)
        self.assertEqual('off', self.shelf.machines[_MACHINE]['power'])

    def test_power_that_is_so_already(self) -> None:
        self.assertIsNone(self.compute.reset_system(_MACHINE, 'On'))

    def test_power_that_fails_says_why_without_our_password(self) -> None:
        password = records.basic('admin', 'pa55word')
        self.shelf.use_password('pa55word')
        connection = self.connect(authentication=password)
        self.shelf.stuck = 'pa55word is stuck.'
        going_on = connection.compute.reset_system(_MACHINE, 'ForceOff')
        found = connection.look(going_on.monitor)
        self.assertEqual(MonitorState.FAILED, found.state)
        self.assertEqual(['*** is stuck.'], found.reasons)

    def test_power_of_a_machine_that_is_gone(self) -> None:
        self.assertRaises(
            exception.PodManagerResourceMissing,
            self.compute.reset_system,
            f'{MACHINES}/7',
            'On',
        )

    def test_job_that_is_forgotten(self) -> None:
        found = self.connection.look('/shelf/jobs/7')
        self.assertEqual(MonitorState.GONE, found.state)

    def test_job_in_a_state_that_nobody_knows(self) -> None:
        self.send('GET', '/shelf/jobs/7', {'state': 'resting'})
        self.assertRaises(
            exception.PodManagerMalformed,
            self.connection.look,
            '/shelf/jobs/7',
        )

    def test_job_elsewhere_is_not_followed(self) -> None:
        for job in ('http://192.0.2.1/shelf/jobs/1', '/elsewhere', 7):
            self.send('PUT', f'{_MACHINE}/power', {'job': job}, status=202)
            self.assertRaises(
                exception.PodManagerMalformed,
                self.compute.reset_system,
                _MACHINE,
                'ForceOff',
            )

    def test_what_cannot_be_asked_for_is_not(self) -> None:
        for part, wanted in {
            'processor': {'total_cores': 1, 'model': 'fast'},
            'memory': {'type': 'DDR4'},
            'local_drive': {'capacity_gib': 1},
            'network': {'speed_mbps': 1},
            'pci_device': {'type': ['GPU']},
        }.items():
            self.assertRaises(
                exception.NoMatchingSystem,
                allocate,
                self.compute,
                wants(**{part: wanted}),
            )
        self.assertEqual([], self.shelf.requests)

    def test_nothing_matches(self) -> None:
        for wanted in (
            wants(processor={'total_cores': 17}),
            wants(memory={'capacity_mib': 65537}),
        ):
            error = self.assertRaises(
                exception.NoMatchingSystem, allocate, self.compute, wanted
            )
            self.assertIn('There is no such machine free.', error.detail)

    def test_refusal_is_not_for_want_of_machines(self) -> None:
        self.send('POST', NODES, {'error': 'I am full of notes.'}, status=507)
        error = self.assertRaises(
            exception.PodManagerRefused, allocate, self.compute
        )
        self.assertIn('I am full of notes.', error.detail)

    def test_allocation_without_an_answer_is_sent_once_and_found(self) -> None:
        self.shelf.lose_answer('POST', NODES)
        self.assertRaises(
            exception.PodManagerConnectionLost, allocate, self.compute
        )
        self.assertEqual(1, len(self.shelf.made))
        self.assertEqual(list(self.shelf.nodes), [self.compute.find_node(TAG)])

    def test_only_the_whole_tag_is_found(self) -> None:
        allocate(self.compute, tag=f'{TAG}0')
        self.assertIsNone(self.compute.find_node(TAG))

    def test_deletion_that_is_refused(self) -> None:
        self.send('DELETE', f'{NODES}/1', {'error': 'Mine!'}, status=409)
        self.assertRaises(
            exception.PodManagerRefused,
            self.compute.delete_node,
            f'{NODES}/1',
        )

    def test_answers_that_are_no_use(self) -> None:
        machine = self.shelf.machines[_MACHINE]
        for raw in (
            {**machine, 'cores': 'many'},
            {**machine, 'url': 'http://192.0.2.1/shelf/machines/0'},
            {},
            'machine',
        ):
            self.send('GET', MACHINES, {'machines': [raw]})
            self.assertRaises(
                exception.PodManagerMalformed,
                self.connection.inventory.systems,
            )

    def test_what_it_has_not_is_said(self) -> None:
        for name, more in {
            'set_system_boot': [BootOverride('Once', 'Pxe')],
            'set_node_boot': [BootOverride('Once', 'Pxe')],
            'list_attachable': [],
            'attach_resource': [_MACHINE],
            'detach_resource': [_MACHINE],
        }.items():
            error = self.assertRaises(
                exception.UnsupportedAction,
                getattr(self.compute, name),
                _MACHINE,
                *more,
            )
            self.assertNotIn('Composing', error.detail)

    def test_closed_twice_and_used_again(self) -> None:
        with contextlib.closing(self.connection):
            self.connection.close()
        self.assertEqual(4, len(self.connection.inventory.systems()))


class ThroughTheApi(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.useFixture(distributions.Installed(PROJECT))
        self.shelf = self.useFixture(Shelf(fixtures.CANARY))
        self.valence = self.useFixture(fixtures.Valence())
        self.podm = self.valence.register(driver='shelf', url=self.shelf.url)
        self.client = self.valence.client

    def compose(self) -> Any:
        """Compose a node; give its task as it ended."""
        body = {'name': 'node', 'properties': PROPERTIES}
        answer = self.client.post(
            '/v1/nodes', {**body, 'podm_id': self.podm['uuid']}
        )
        self.assertEqual(202, answer.status, answer.body)
        return self.valence.task(answer.json['task_uuid'])

    def test_node_from_compose_to_delete(self) -> None:
        self.assertEqual('Online', self.podm['status'])
        self.assertEqual(4, self.podm['usage']['systems'])
        task = self.compose()
        self.assertEqual('Completed', task['status'], task)
        path = f'/v1/nodes/{task["resource_uuid"]}'
        node = self.client.get(path).json
        self.assertEqual('Assembled', node['node_state'])
        self.assertEqual(16, node['metadata']['processor'][0]['total_core'])
        reset = {'Reset': {'Type': 'ForceOff'}}
        done = self.valence.waiting('POST', f'{path}/action', reset)
        self.assertEqual(200, done.status, done.body)
        self.assertEqual('Off', self.client.get(path).json['node_power_state'])
        gone = self.valence.waiting('DELETE', path)
        self.assertEqual(200, gone.status, gone.body)
        self.assertEqual({}, self.shelf.nodes)
        self.assertEqual(1, len(self.shelf.made))

    def test_node_whose_answer_is_lost_is_made_once(self) -> None:
        self.shelf.lose_answer('POST', NODES)
        task = self.compose()
        self.assertEqual('Completed', task['status'], task)
        self.assertEqual(1, len(self.shelf.made))
        self.assertIn(task['resource_uuid'], self.shelf.made[0])
