import pathlib

import testtools

from tests.unit.podm import connected, records, scripted
from tests.unit.podm.connected import NODES, ROOT, SYSTEMS
from valence.common import exception, http_client
from valence.podm.redfish.composition.compute import CompositionCompute
from valence.podm.redfish.rsd import RsdCompute
from valence.podm.redfish.systems import SystemsCompute

COMPOSITION = '/redfish/v1/CompositionService'


class ProbeTest(testtools.TestCase):
    def test_composes(self):
        for mode, composes in (('rsd', True), ('plain', False)):
            pod = self.useFixture(connected.Simulated(mode=mode, systems=1))
            probe = pod.connection.probe()
            self.assertEqual('Online', probe.status)
            self.assertIs(composes, probe.composes)
            self.assertIs(composes, pod.connection.compute.composes)

    def test_unauthorized(self):
        pod = self.useFixture(connected.Simulated(systems=1))
        wrong = records.basic('admin', 'sesame')
        fixture = connected.Connected(pod.url, authentication=wrong)
        probe = self.useFixture(fixture).connection.probe()
        self.assertEqual('Unauthorized', probe.status)
        self.assertIn('refused the credentials', probe.reason)
        self.assertNotIn('sesame', probe.reason)
        self.assertIsNone(probe.composes)

    def test_away_and_back(self):
        pod = self.useFixture(connected.Simulated(systems=1))
        pod.pod.set_modes(away=True)
        probe = pod.connection.probe()
        self.assertEqual('Offline', probe.status)
        self.assertIn('cannot be reached', probe.reason)
        pod.pod.set_modes(away=False)
        self.assertEqual('Online', pod.connection.probe().status)

    def test_hanging(self):
        pod = self.useFixture(connected.Simulated(systems=1))
        pod.pod.set_modes(hang=True)
        limits = http_client.Limits(timeout=0.2)
        fixture = connected.Connected(pod.url, limits)
        probe = self.useFixture(fixture).connection.probe()
        self.assertEqual('Offline', probe.status)
        self.assertIn('did not answer', probe.reason)

    def test_failing(self):
        pod = self.useFixture(connected.Simulated(systems=1))
        for status in (403, 404, 500):
            pod.pod.set_modes(status=status)
            expected = 'Unauthorized' if status == 403 else 'Offline'
            self.assertEqual(expected, pod.connection.probe().status)

    def test_sees_what_has_changed(self):
        server = self.useFixture(connected.ScriptedPod())
        self.assertTrue(server.connection.probe().composes)
        server.get(ROOT, {'Systems': connected.link(SYSTEMS)})
        self.assertFalse(server.connection.probe().composes)
        self.assertFalse(server.connection.compute.composes)

    def test_asks_for_something_that_is_not_open_to_all(self):
        server = self.useFixture(connected.ScriptedPod())
        server.script['GET', SYSTEMS] = scripted.Reply(401)
        self.assertEqual('Unauthorized', server.connection.probe().status)

    def test_without_systems(self):
        server = self.useFixture(connected.ScriptedPod())
        server.get(
            ROOT, {'RedfishVersion': '1', 'Nodes': connected.link(NODES)}
        )
        server.script['GET', NODES] = scripted.Reply(401)
        self.assertEqual('Unauthorized', server.connection.probe().status)


class TlsTest(testtools.TestCase):
    def probe(self, tls):
        certificate = self.useFixture(scripted.Certificate())
        if 'ca' in tls:
            path = pathlib.Path(certificate.certificate)
            tls['ca'] = path.read_text()
        server = self.useFixture(scripted.Scripted(certificate.files))
        server.get(ROOT, {'RedfishVersion': '1.6.0'})
        fixture = connected.Connected(server.url, tls=tls)
        return self.useFixture(fixture).connection.probe()

    def test_verified_unless_told_otherwise(self):
        for tls in ({}, {'verify': True}, {'verify': None}):
            probe = self.probe(tls)
            self.assertEqual('Offline', probe.status)
            self.assertIn('not trusted', probe.reason)

    def test_by_its_own_ca(self):
        self.assertEqual('Online', self.probe({'ca': None}).status)

    def test_not_verified(self):
        self.assertEqual('Online', self.probe({'verify': False}).status)


class ConnectionTest(testtools.TestCase):
    def test_nobody_is_asked_before_the_first_call(self):
        server = self.useFixture(connected.ScriptedPod())
        self.assertEqual([], server.requests)

    def test_path_of_the_url_is_of_no_matter(self):
        server = self.useFixture(connected.ScriptedPod())
        for path in ('/', '/redfish/v1', '/redfish/v1/'):
            fixture = connected.Connected(f'{server.url}{path}')
            connection = self.useFixture(fixture).connection
            self.assertEqual('Online', connection.probe().status)

    def test_unreachable(self):
        connection = self.useFixture(
            connected.Connected('http://127.0.0.1:1')
        ).connection
        self.assertRaises(
            exception.PodManagerUnreachable, lambda: connection.compute
        )


class ChoiceTest(testtools.TestCase):
    """What there is in the service root decides what is spoken."""

    def compute(self, **links):
        server = self.useFixture(connected.ScriptedPod())
        root = {name: connected.link(path) for name, path in links.items()}
        server.get(ROOT, {'RedfishVersion': '1.6.0', **root})
        return type(server.connection.compute)

    def test_nodes_first(self):
        found = self.compute(
            Nodes=NODES, Systems=SYSTEMS, CompositionService=COMPOSITION
        )
        self.assertIs(RsdCompute, found)

    def test_nodes_below_oem(self):
        server = self.useFixture(connected.ScriptedPod())
        oem = {'Intel_RackScale': {'Nodes': connected.link(NODES)}}
        server.get(ROOT, {'RedfishVersion': '1.6.0', 'Oem': oem})
        self.assertIsInstance(server.connection.compute, RsdCompute)

    def test_composition(self):
        found = self.compute(Systems=SYSTEMS, CompositionService=COMPOSITION)
        self.assertIs(CompositionCompute, found)

    def test_plain(self):
        self.assertIs(SystemsCompute, self.compute(Systems=SYSTEMS))
        self.assertIs(
            SystemsCompute, self.compute(CompositionService=COMPOSITION)
        )

    def test_simulated(self):
        for mode, kind in (
            *((f'rsd2.{minor}', RsdCompute) for minor in range(1, 6)),
            ('composition', CompositionCompute),
            ('composition-constrained', CompositionCompute),
            ('composition-manifest', CompositionCompute),
            ('plain', SystemsCompute),
        ):
            pod = self.useFixture(connected.Simulated(mode=mode, systems=1))
            self.assertIs(kind, type(pod.connection.compute), mode)
            self.assertIs(
                kind is not SystemsCompute, pod.connection.probe().composes
            )
