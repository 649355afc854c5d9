import testtools

from tests.fixtures import database, rows
from valence.common import exception
from valence.db.api import Query

BOOT, NEXT_BOOT = rows.new_uuid(), rows.new_uuid()


class ServicesTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.table = self.useFixture(
            database.Database(self.backend)
        ).database.services

    def report(self, host='a', binary='valence-compute', boot_id=BOOT):
        return self.table.report(
            host=host,
            binary=binary,
            topic='valence-compute',
            boot_id=boot_id,
            version='1.0',
        )

    def list(self, down_time=60, **query):
        return self.table.list(query=Query(**query), down_time=down_time)

    def one(self, **more):
        (service,) = self.list(**more)
        return service

    def test_first_report(self):
        self.assertIs(False, self.report())
        service = self.one()
        self.assertEqual(
            ('a', 'valence-compute', 'valence-compute', BOOT, '1.0', 1, True),
            (
                service.host,
                service.binary,
                service.topic,
                service.boot_id,
                service.version,
                service.report_count,
                service.up,
            ),
        )
        self.assertIs(False, service.disabled)

    def test_next_report(self):
        self.report()
        first = self.one()
        self.report(boot_id=NEXT_BOOT)
        service = self.one()
        self.assertEqual(first.uuid, service.uuid)
        self.assertEqual(2, service.report_count)
        self.assertEqual(NEXT_BOOT, service.boot_id)
        self.assertGreaterEqual(service.last_seen, first.last_seen)

    def test_hosts_and_binaries_are_told_apart(self):
        self.report()
        self.report(host='b')
        self.report(binary='valence-conductor')
        self.assertEqual(3, len(self.list()))

    def test_up_for_as_long_as_it_may_be_silent(self):
        self.report()
        self.assertIs(True, self.one(down_time=60).up)
        self.assertIs(False, self.one(down_time=0).up)

    def test_retired_is_down(self):
        self.report()
        self.table.retire(host='a', binary='valence-compute', boot_id=BOOT)
        self.assertIs(False, self.one(down_time=10**6).up)

    def test_retiring_leaves_the_successor_alone(self):
        self.report(boot_id=NEXT_BOOT)
        self.table.retire(host='a', binary='valence-compute', boot_id=BOOT)
        self.assertIs(True, self.one().up)

    def test_back_after_retiring(self):
        self.report()
        self.table.retire(host='a', binary='valence-compute', boot_id=BOOT)
        self.report(boot_id=NEXT_BOOT)
        self.assertIs(True, self.one().up)

    def test_list_filtered(self):
        self.report()
        self.report(host='b')
        self.assertEqual('b', self.one(filters={'host': 'b'}).host)

    def test_get(self):
        self.report()
        service = self.one()
        self.assertEqual(
            service, self.table.get(uuid=service.uuid, down_time=60)
        )

    def test_get_unknown(self):
        uuid = rows.new_uuid()
        error = self.assertRaises(
            exception.ServiceNotFound, self.table.get, uuid=uuid, down_time=60
        )
        self.assertIn(uuid, error.detail)

    def test_disable(self):
        self.report()
        self.table.update(
            uuid=self.one().uuid,
            values={'disabled': True, 'disabled_reason': 'fire'},
        )
        self.assertIs(True, self.report())
        service = self.one()
        self.assertIs(True, service.disabled)
        self.assertEqual('fire', service.disabled_reason)

    def test_update_unknown(self):
        self.assertRaises(
            exception.ServiceNotFound,
            self.table.update,
            uuid=rows.new_uuid(),
            values={'disabled': True},
        )
