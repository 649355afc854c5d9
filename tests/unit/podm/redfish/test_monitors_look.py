import testtools

from tests.unit.podm import connected, records, scripted
from tests.unit.podm.connected import SYSTEMS
from tests.unit.podm.redfish.allocations import NODE
from tests.unit.podm.redfish.tasks import (
    GOING_ON,
    MONITOR,
    NOT_A_TASK,
    in_seconds,
    task,
)
from valence.common import exception
from valence.objects import hardware
from valence.objects.hardware import MonitorState
from valence.podm import base


def extended(*infos, **error):
    return {'error': {**error, '@Message.ExtendedInfo': list(infos)}}


class LookTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())

    def look(self, status, body=b'', **headers):
        self.server.script['GET', MONITOR] = scripted.Reply(
            status,
            body,
            {name.replace('_', '-'): each for name, each in headers.items()},
        )
        return self.server.connection.look(MONITOR)

    def state(self, status, body=b''):
        return self.look(status, body).state

    def test_goes_on(self):
        for body in (*NOT_A_TASK, task(), *map(task, GOING_ON)):
            self.assertEqual(MonitorState.RUNNING, self.state(202, body), body)

    def test_goes_on_though_the_answer_is_good(self):
        for body in (task(), *map(task, GOING_ON), {'TaskState': 'Running'}):
            self.assertEqual(MonitorState.RUNNING, self.state(200, body), body)

    def test_tells_of_the_way(self):
        found = self.look(
            202, task('Running', PercentComplete=40), Retry_After='5'
        )
        self.assertEqual((40, 5.0), (found.percent, found.delay))
        self.assertEqual(((), None), (found.reasons, found.location))
        found = self.look(202, Retry_After=in_seconds(60))
        self.assertTrue(50 < found.delay <= 60, found.delay)

    def test_percent(self):
        for told, percent in (
            *((0, 0), (99.9, 99), (100, 100), (-1, 0), (10**18, 100)),
            *(('40', None), (None, None), (True, None), ([40], None)),
        ):
            found = self.look(200, task('Running', PercentComplete=told))
            self.assertEqual(percent, found.percent, told)
        found = self.look(200, {'PercentComplete': 40})
        self.assertIsNone(found.percent)

    def test_done(self):
        for status in (200, 201, 204):
            for body in NOT_A_TASK if status != 204 else (b'',):
                found = self.look(status, body)
                self.assertEqual(hardware.Monitor(MonitorState.DONE), found)

    def test_done_by_its_task(self):
        for status in (200, 201, 202):
            for state in ('Completed', 'completed', 'COMPLETED'):
                self.assertEqual(
                    MonitorState.DONE, self.state(status, task(state))
                )

    def test_failed_by_its_task(self):
        messages = [
            {'Message': 'No power.', 'MessageId': 'Base.1.0.GeneralError'},
            {'MessageId': 'Base.1.0.Other'},
            {'Message': '', 'MessageId': 'Base.1.0.Third'},
            {'Severity': 'Critical'},
            'text',
        ]
        for status in (200, 202):
            for state in ('Exception', 'Killed', 'Cancelled'):
                found = self.look(status, task(state, Messages=messages))
                self.assertEqual(MonitorState.FAILED, found.state)
                self.assertEqual(
                    ('No power.', 'Base.1.0.Other', 'Base.1.0.Third'),
                    found.reasons,
                )

    def test_failed_without_a_list_of_messages(self):
        found = self.look(200, task('Killed', Messages={'Message': 'No.'}))
        self.assertEqual(('No.',), found.reasons)
        for messages in (None, [], [{}], 'No.'):
            found = self.look(200, task('Killed', Messages=messages))
            self.assertEqual(('The task ended as Killed.',), found.reasons)

    def test_reasons_have_bounds_and_no_secrets(self):
        messages = [
            {'Message': f'{n}: admin ' + 'x' * 9000} for n in range(99)
        ]
        reasons = self.look(200, task('Killed', Messages=messages)).reasons
        self.assertEqual(64, len(reasons))
        self.assertTrue(all(len(reason) <= 4096 for reason in reasons))
        self.assertTrue(reasons[1].startswith('1: *** xxx'), reasons[1][:20])

    def test_gone(self):
        for status in (404, 410):
            for body in (b'', extended({'Message': 'No such task.'})):
                found = self.look(status, body)
                self.assertEqual(hardware.Monitor(MonitorState.GONE), found)

    def test_failed_as_the_change_was_answered(self):
        body = extended(
            {'MessageId': 'Base.1.0.A', 'Message': 'No drives.'},
            {'Message': 'No power.'},
            code='Base.1.0.ResourcesStateMismatch',
        )
        for status in (400, 405, 409, 500, 501, 507):
            found = self.look(status, body)
            self.assertEqual(MonitorState.FAILED, found.state)
            self.assertEqual(('No drives.', 'No power.'), found.reasons)

    def test_failed_without_messages(self):
        ids = extended({'MessageId': 'Base.1.0.A'}, code='Base.1.0.B')
        for status, body, reason in (
            (409, ids, 'Base.1.0.A'),
            (500, ids, 'Base.1.0.A'),
            (409, {'error': {'message': 'It is off.'}}, 'It is off.'),
            (400, b'', 'Bad Request'),
            (400, b'<title>Oh no</title>', 'Oh no'),
        ):
            found = self.look(status, body)
            self.assertEqual(MonitorState.FAILED, found.state)
            self.assertEqual((reason,), found.reasons)

    def test_the_look_itself_failed(self):
        body = extended({'Message': 'Try again.'})
        for status in (429, 502, 503, 504):
            error = self.assertRaises(
                exception.PodManagerRefused, self.look, status, body
            )
            self.assertEqual(status, error.kwargs['answer'])
        for status in (401, 403):
            self.assertRaises(
                exception.PodManagerUnauthorized, self.look, status, body
            )
        for status, location in (
            (302, 'http://elsewhere/redfish/v1/'),
            (302, ''),
            (304, ''),
        ):
            self.assertRaises(
                exception.PodManagerRefused,
                self.look,
                status,
                b'',
                Location=location,
            )

    def test_500_that_tells_nothing_of_the_change(self):
        for body in (
            *NOT_A_TASK,
            {'error': {'code': 'Base.1.0.GeneralError', 'message': 'Oh no'}},
            extended(code='Base.1.0.GeneralError'),
        ):
            self.assertRaises(
                exception.PodManagerRefused, self.look, 500, body
            )

    def test_nobody_there(self):
        self.server.script['GET', MONITOR] = scripted.drop
        self.assertRaises(
            exception.PodManagerUnreachable,
            self.server.connection.look,
            MONITOR,
        )

    def test_location_of_what_was_made(self):
        for location, expected in (
            (NODE, NODE),
            (f'{self.server.url}{NODE}', NODE),
            (f'http://elsewhere{NODE}', None),
            ('', None),
        ):
            found = self.look(201, {'Id': '1'}, Location=location)
            self.assertEqual(MonitorState.DONE, found.state)
            self.assertEqual(expected, found.location)

    def test_location_that_tells_of_nothing_made(self):
        for status, body in (
            (200, b''),
            (200, task('Completed')),
            (202, task('Completed')),
            (202, task('Running')),
            (201, task('Running')),
            (201, task('Completed')),
        ):
            found = self.look(status, body, Location=MONITOR)
            self.assertIsNone(found.location)

    def test_created_resources(self):
        node, other = connected.link(NODE), connected.link(f'{SYSTEMS}/1')
        for created, location in (
            ([node], NODE),
            (node, NODE),
            ([], None),
            ([node, other], None),
            ([connected.link('//elsewhere/1')], None),
            ('x', None),
        ):
            links = {'CreatedResources': created}
            for status in (200, 201, 202):
                found = self.look(status, task('Completed', Links=links))
                self.assertEqual(location, found.location, created)
            found = self.look(200, task('Running', Links=links))
            self.assertIsNone(found.location)

    def test_driver_that_cannot(self):
        class Other(base.Connection):
            def check(self):
                """Do nothing."""

            def close(self):
                """Do nothing."""

        error = self.assertRaises(
            exception.UnsupportedAction,
            Other(records.record('http://127.0.0.1:1')).look,
            MONITOR,
        )
        self.assertIn('not supported', str(error))
