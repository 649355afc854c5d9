import pathlib

import testtools

from tests.unit.podm import records, scripted
from tests.unit.podm.expether import connected
from valence.common import exception, http_addresses, http_client
from valence.podm import pool

VERSION = '/eem/api_version'


class ProbeTest(testtools.TestCase):
    def test_online(self):
        manager = self.useFixture(connected.Simulated(systems=1))
        probe = manager.connection.probe()
        self.assertEqual(('Online', None), (probe.status, probe.reason))
        self.assertIs(True, probe.composes)

    def test_unauthorized(self):
        manager = self.useFixture(connected.Simulated(systems=1))
        wrong = records.basic('admin', 'sesame')
        fixture = connected.Connected(manager.url, authentication=wrong)
        probe = self.useFixture(fixture).connection.probe()
        self.assertEqual('Unauthorized', probe.status)
        self.assertIn('refused the credentials', probe.reason)
        self.assertNotIn('sesame', probe.reason)

    def test_away_dead_and_back(self):
        manager = self.useFixture(connected.Simulated(systems=1))
        for mode in ('away', 'dead'):
            manager.pod.set_modes(**{mode: True})
            probe = manager.connection.probe()
            self.assertEqual('Offline', probe.status)
            self.assertIn('cannot be reached', probe.reason)
            manager.pod.clear_modes()
        self.assertEqual('Online', manager.connection.probe().status)

    def test_hanging(self):
        manager = self.useFixture(connected.Simulated(systems=1))
        manager.pod.set_modes(hang=True)
        limits = http_client.Limits(timeout=0.2)
        fixture = connected.Connected(manager.url, limits)
        probe = self.useFixture(fixture).connection.probe()
        self.assertEqual('Offline', probe.status)
        self.assertIn('did not answer', probe.reason)

    def test_something_else(self):
        server = self.useFixture(connected.ScriptedEem())
        for document in ({}, {'version_number': None}):
            server.get(VERSION, document)
            probe = server.connection.probe()
            self.assertEqual('Offline', probe.status)
            self.assertIn('version_number', probe.reason)


class ConnectionTest(testtools.TestCase):
    def test_is_a_driver_that_is_installed(self):
        self.assertIn('expether', pool.known_drivers())
        manager = self.useFixture(connected.Simulated(systems=1))
        record = records.record(manager.url, driver='expether')
        limits = http_client.Limits(
            timeout=10, allowed_networks=http_addresses.LOOPBACK
        )
        connection = pool.connect(record, limits)
        self.addCleanup(connection.close)
        self.assertEqual('Online', connection.probe().status)

    def test_url_without_a_path(self):
        manager = self.useFixture(connected.Simulated(systems=1))
        url = manager.simulator.urls[0]
        connection = self.useFixture(connected.Connected(url)).connection
        self.assertEqual('Online', connection.probe().status)
        self.assertEqual(1, len(connection.inventory.systems()))

    def test_path_of_the_url_counts(self):
        server = self.useFixture(connected.ScriptedEem())
        server.get('/Site1/eem/api_version', {'version_number': 'v1.0'})
        url = f'{server.url}/Site1/eem/'
        connection = self.useFixture(connected.Connected(url)).connection
        self.assertEqual('Online', connection.probe().status)

    def test_certificates_are_verified_as_the_record_says(self):
        certificate = self.useFixture(scripted.Certificate())
        ca = pathlib.Path(certificate.certificate).read_text()
        server = self.useFixture(scripted.Scripted(certificate.files))
        server.get(VERSION, {'version_number': 'v1.0'})
        for tls, status in (
            (None, 'Offline'),
            ({'verify': False}, 'Online'),
            ({'ca': ca}, 'Online'),
        ):
            fixture = connected.Connected(server.url, tls=tls)
            connection = self.useFixture(fixture).connection
            self.assertEqual(status, connection.probe().status)

    def test_nobody_is_asked_before_the_first_call(self):
        server = self.useFixture(connected.ScriptedEem())
        self.assertTrue(server.connection.compute.composes)
        self.assertEqual([], server.requests)

    def test_monitor_of_another_driver_is_gone(self):
        server = self.useFixture(connected.ScriptedEem())
        path = '/redfish/v1/TaskService/Tasks/1/Monitor'
        self.assertEqual('gone', server.connection.look(path).state)


class ErrorTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(
            connected.ScriptedEem(connected.eesv(), connected.eeio())
        )
        self.path = f'{connected.DEVICES}/0xa1'

    def read(self):
        return self.server.compute.get_system(self.path)

    def malformed(self, device):
        self.server.get(self.path, {'device': device})
        return self.assertRaises(exception.PodManagerMalformed, self.read)

    def test_what_the_manager_says(self):
        body = {'code': '50301', 'message': 'The board is in service.'}
        self.server.script['GET', self.path] = scripted.Reply(409, body)
        error = self.assertRaises(exception.PodManagerRefused, self.read)
        self.assertEqual('The board is in service.', error.kwargs['reason'])
        self.assertEqual(['50301'], error.kwargs['codes'])
        self.assertIn('The board is in service.', error.detail)

    def test_wrong_credentials(self):
        body = {'code': '40100', 'message': 'Who are you?'}
        self.server.script['GET', self.path] = scripted.Reply(401, body)
        self.assertRaises(exception.PodManagerUnauthorized, self.read)

    def test_fields_that_are_needed(self):
        for name in ('id', 'status', 'group_id'):
            for value in (None, {}, [], 'x/..', True):
                error = self.malformed(connected.eesv(**{name: value}))
                self.assertIn(self.path, error.detail)
                self.assertIn(f'{name} of a device is missing', error.detail)

    def test_no_device(self):
        for device in (None, [], 'eesv'):
            error = self.malformed(device)
            self.assertIn('not a JSON object', error.detail)

    def test_another_device(self):
        error = self.malformed(connected.eesv(2))
        self.assertIn('it is of 0xa2', error.detail)

    def test_lists(self):
        for document in ({}, {'devices': {}}, {'devices': None}):
            self.server.get(connected.EESVS, document)
            error = self.assertRaises(
                exception.PodManagerMalformed,
                self.server.connection.inventory.systems,
            )
            self.assertIn('devices is missing', error.detail)

    def test_fields_that_can_be_done_without(self):
        device = connected.eesv(
            max_eeio_count='many', power_status=1, host_model=3, model=[]
        )
        self.server.get(self.path, {'device': device})
        system = self.read()
        self.assertIsNone(system.power_state)
        self.assertIsNone(system.description)

    def test_numbers_as_numbers(self):
        device = connected.eesv(group_id=4094, max_eeio_count=4)
        self.server.has(device, connected.eeio())
        self.assertEqual([], self.server.compute.list_nodes())
