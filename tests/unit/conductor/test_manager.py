import testtools

from tests.fixtures import rows
from tests.unit.compute import living
from valence.common import context, exception
from valence.conductor.manager import ConductorManager


class ConductorManagerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())
        self.database = self.living.database
        self.ctxt = context.admin()
        self.manager = ConductorManager(
            self.database,
            self.living.make_pool(),
            probe_timeout=1,
            down_time=60,
        )

    def test_ping(self):
        self.assertEqual({'topic': 'conductor'}, self.manager.ping(self.ctxt))

    def test_list_pod_managers_without_passwords(self):
        rows.add_pod_manager(
            self.database, authentication=rows.basic(password='secret')
        )
        found = self.manager.list_pod_managers(
            self.ctxt, {'sort_dir': 'desc', 'limit': 1}
        )
        self.assertEqual(1, len(found))
        self.assertNotIn('secret', str(found))
        self.assertIn('***', str(found))

    def test_get_pod_manager(self):
        for ident in (self.living.podm.uuid, self.living.podm.name):
            self.assertEqual(
                self.living.podm.as_dict(),
                self.manager.get_pod_manager(self.ctxt, ident),
            )

    def test_get_unknown_pod_manager(self):
        self.assertRaises(
            exception.PodManagerNotFound,
            self.manager.get_pod_manager,
            self.ctxt,
            'nobody',
        )

    def probe(self):
        shown = self.manager.probe_pod_manager(
            self.ctxt, self.living.podm.uuid
        )
        self.assertEqual(self.living.record(self.living.podm).as_dict(), shown)
        return shown

    def test_probe_online(self):
        self.living.change(self.living.podm, status='Unknown')
        shown = self.probe()
        self.assertEqual(
            ('Online', None), (shown['status'], shown['status_reason'])
        )

    def test_probe_away(self):
        self.living.pod.set_modes(away=True)
        shown = self.probe()
        self.assertEqual('Offline', shown['status'])
        self.assertIn('cannot be reached', shown['status_reason'])

    def test_probe_hanging(self):
        self.living.pod.set_modes(hang=True)
        self.assertEqual('Offline', self.probe()['status'])

    def test_probe_wrong_credentials(self):
        self.living.with_wrong_password()
        shown = self.probe()
        self.assertEqual('Unauthorized', shown['status'])
        self.assertNotIn('wrong', str(shown))

    def test_probe_that_finds_nothing_new_writes_nothing(self):
        before = self.living.record(self.living.podm)
        self.probe()
        self.assertEqual(before, self.living.record(self.living.podm))

    def test_list_services(self):
        self.database.services.report(
            host='a',
            binary='valence-compute',
            topic='valence-compute',
            boot_id=rows.new_uuid(),
            version='1',
        )
        (shown,) = self.manager.list_services(self.ctxt, {})
        self.assertEqual(('a', 'up'), (shown['host'], shown['status']))

    def test_flavors_of_a_project(self):
        public = rows.flavor(name='public')
        own = rows.flavor(name='own', project_id='blue')
        other = rows.flavor(name='other', project_id='red')
        for values in (public, own, other):
            self.database.flavors.create(values=values)
        found = self.manager.list_flavors(self.ctxt, {}, 'blue')
        self.assertEqual(
            ['public', 'own'], [flavor['name'] for flavor in found]
        )
        self.assertEqual(
            own['uuid'],
            self.manager.get_flavor(self.ctxt, 'own', 'blue')['uuid'],
        )
        self.assertRaises(
            exception.FlavorNotFound,
            self.manager.get_flavor,
            self.ctxt,
            'other',
            'blue',
        )
