import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS
from tests.unit.podm.redfish import clients
from tests.unit.podm.redfish.allocations import TAG
from tests.unit.podm.redfish.tasks import (
    GOING_ON,
    MONITOR,
    NOT_A_TASK,
    SERVICE,
    TASK,
    TASKS,
    in_seconds,
    task,
)
from valence.common import exception
from valence.objects import hardware
from valence.podm.redfish import monitors


class PendingTest(testtools.TestCase):
    """What goes on after a change; a reset stands for all of them."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        action = {'#ComputerSystem.Reset': {'target': f'{SYSTEMS}/1/Reset'}}
        self.server.get(f'{SYSTEMS}/1', {'Actions': action})

    def change(self, body=b'', **headers):
        headers = {
            name.replace('_', '-'): value for name, value in headers.items()
        }
        self.server.script['POST', f'{SYSTEMS}/1/Reset'] = scripted.Reply(
            202, body, headers
        )
        compute = self.server.connection.compute
        return compute.reset_system(f'{SYSTEMS}/1', 'On')

    def delay(self, asked):
        return self.change(Location=MONITOR, Retry_After=asked).delay

    def test_location(self):
        for location in (MONITOR, f'{self.server.url}{MONITOR}'):
            pending = self.change(Location=location)
            self.assertEqual(hardware.Pending(MONITOR, None), pending)

    def test_delay_as_a_number(self):
        self.assertEqual(30.0, self.delay('30'))
        self.assertEqual(0.0, self.delay('0'))

    def test_delay_as_a_date(self):
        delay = self.delay(in_seconds(90))
        self.assertTrue(80 < delay <= 90, delay)
        self.assertEqual(0.0, self.delay(in_seconds(-90)))

    def test_delay_that_is_none(self):
        for asked in ('soon', '', '-5', '1.5', 'Wed, 21 Oct 99999 07:28 GMT'):
            self.assertIsNone(self.delay(asked), asked)

    def test_delay_that_is_too_long(self):
        for asked in ('9' * 400, in_seconds(10**7)):
            self.assertEqual(monitors.MAX_DELAY, self.delay(asked))

    def test_location_wins(self):
        other = task(TaskMonitor=f'{TASKS}/2/Monitor')
        self.assertEqual(MONITOR, self.change(other, Location=MONITOR).monitor)

    def test_monitor_of_the_body(self):
        for body in (
            task('Running', TaskMonitor=MONITOR),
            task(TaskMonitor=MONITOR),
            {'TaskState': 'Running', 'TaskMonitor': MONITOR},
        ):
            for headers in (
                {},
                {'Location': f'http://elsewhere{MONITOR}'},
                {'Location': 'x'},
            ):
                pending = self.change(body, Retry_After='3', **headers)
                self.assertEqual(hardware.Pending(MONITOR, 3), pending)

    def test_task_of_the_body(self):
        for monitor in (None, '', 7, f'http://elsewhere{MONITOR}'):
            pending = self.change(task('New', TaskMonitor=monitor))
            self.assertEqual(TASK, pending.monitor)

    def test_no_monitor(self):
        for body in (
            *NOT_A_TASK,
            {'@odata.id': f'{SYSTEMS}/1'},
            {'TaskState': 'Running'},
            {'TaskState': 'Running', '@odata.id': '//elsewhere/1'},
        ):
            self.assertIsNone(self.change(body), body)


class FindPendingTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.root = self.server.script['GET', ROOT].body
        self.link(SERVICE)
        self.server.get(SERVICE, {'Tasks': connected.link(TASKS)})

    def link(self, path):
        self.server.get(ROOT, {**self.root, 'Tasks': connected.link(path)})

    def tasks(self, *tasks):
        paths = [f'{TASKS}/{number}' for number in range(len(tasks))]
        self.server.get(TASKS, connected.collection(*paths))
        for path, each in zip(paths, tasks, strict=True):
            self.server.get(path, each)

    def find(self, tag=TAG):
        return self.server.connection.compute.find_pending(tag)

    def asked(self, tag=TAG, state='Running', **properties):
        body = f'{{"Name": "n1", "Description": "of a test {tag}"}}'
        return task(state, Payload={'JsonBody': body}, **properties)

    def test_by_its_tag(self):
        self.tasks(
            self.asked('valence-0c9f'),
            self.asked(f'{TAG}-1'),
            self.asked(f'x{TAG}'),
            self.asked(TaskMonitor=MONITOR),
        )
        self.assertEqual(hardware.Pending(MONITOR, None), self.find())
        self.assertIsNone(self.find('valence'))

    def test_states(self):
        for state in ('Completed', 'Exception', 'Killed', 'Cancelled'):
            self.tasks(self.asked(state=state))
            self.assertIsNone(self.find(), state)
        for state in (*GOING_ON, None):
            self.tasks(self.asked(state=state))
            self.assertEqual(f'{TASKS}/0', self.find().monitor, state)

    def test_ended_one_does_not_hide_another(self):
        self.tasks(self.asked(state='Exception'), self.asked())
        self.assertEqual(f'{TASKS}/1', self.find().monitor)

    def test_monitor_that_may_not_be_followed(self):
        for monitor in (f'http://elsewhere{MONITOR}', 7, ''):
            self.tasks(self.asked(TaskMonitor=monitor))
            self.assertEqual(f'{TASKS}/0', self.find().monitor)

    def test_payload_as_an_object(self):
        for tag, found in ((TAG, True), ('valence-0c9f', False)):
            body = {'Description': f'of a test {tag}'}
            self.tasks(task('Running', Payload={'JsonBody': body}))
            self.assertEqual(found, self.find() is not None)

    def test_payload_with_the_tag_inside(self):
        for body in (
            {'Name': f'n1 {TAG}'},
            {'Manifest': {'Stanzas': [{'Request': {'Description': TAG}}]}},
        ):
            self.tasks(task('Running', Payload={'JsonBody': body}))
            self.assertEqual(f'{TASKS}/0', self.find().monitor)
            self.assertIsNone(self.find('valence-0c9f'))

    def test_no_payload(self):
        for payload in (None, {}, 'x', {'JsonBody': [TAG]}, {'JsonBody': 1}):
            self.tasks(task('Running', Payload=payload))
            self.assertIsNone(self.find())

    def test_task_that_has_vanished(self):
        self.tasks(self.asked(), self.asked())
        del self.server.script['GET', f'{TASKS}/0']
        self.assertEqual(f'{TASKS}/1', self.find().monitor)

    def test_no_tasks(self):
        self.tasks()
        self.assertIsNone(self.find())
        self.server.get(SERVICE, {'TaskAutoDeleteTimeoutMinutes': 60})
        self.assertIsNone(self.find())

    def test_no_task_service(self):
        self.server.get(ROOT, self.root)
        self.assertIsNone(self.find())
        self.assertEqual([ROOT], self.server.asked('GET'))

    def test_links_that_lead_nowhere(self):
        self.assertIsNone(self.find())
        del self.server.script['GET', SERVICE]
        self.assertIsNone(self.find())

    def test_search_that_fails(self):
        for path in (SERVICE, TASKS, f'{TASKS}/0'):
            self.tasks(task('Running'))
            script = dict(self.server.script)
            self.server.script['GET', path] = scripted.Reply(500)
            self.assertRaises(exception.PodManagerRefused, self.find)
            self.server.script = script

    def test_page_that_is_missing(self):
        page = {'Members@odata.nextLink': f'{TASKS}?page=2'}
        self.server.get(TASKS, {**connected.collection(), **page})
        self.assertRaises(exception.PodManagerResourceMissing, self.find)

    def test_tasks_of_another_server(self):
        self.link('http://elsewhere/redfish/v1/TaskService')
        self.assertRaises(exception.PodManagerMalformed, self.find)

    def test_without_composition(self):
        root = {key: self.root[key] for key in ('RedfishVersion', 'Systems')}
        self.server.get(ROOT, {**root, 'Tasks': connected.link(SERVICE)})
        self.tasks(self.asked())
        self.assertIsNone(self.find())


class MadeTest(testtools.TestCase):
    """What an answer tells of what was made: its path, or a monitor."""

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        fixture = clients.Client(self.server.url)
        self.client = self.useFixture(fixture).client

    def made(self, status, location=None, body=b''):
        headers = {'Location': location} if location else {}
        self.server.script['POST', SYSTEMS] = scripted.Reply(
            status, body, headers
        )
        answer = self.client.send('POST', SYSTEMS)
        return monitors.made(
            self.client, answer, lambda path: path.startswith(SYSTEMS)
        )

    def test_path(self):
        for status in (201, 202):
            for location in (f'{SYSTEMS}/1', f'{self.server.url}{SYSTEMS}/1'):
                self.assertEqual(f'{SYSTEMS}/1', self.made(status, location))
        self.assertEqual(MONITOR, self.made(201, MONITOR))

    def test_monitor(self):
        pending = hardware.Pending(MONITOR)
        self.assertEqual(pending, self.made(202, MONITOR))
        body = task('New', TaskMonitor=MONITOR)
        self.assertEqual(pending, self.made(202, None, body))

    def test_nothing_of_use(self):
        for status in (200, 201, 202, 204):
            for location in (None, f'http://elsewhere{SYSTEMS}/1', 'x'):
                self.assertIsNone(self.made(status, location))
        self.assertIsNone(self.made(200, f'{SYSTEMS}/1'))
