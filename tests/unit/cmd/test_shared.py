import testtools

from tests.fixtures import database, rows
from tests.unit.podm import scripted
from valence.cmd import shared
from valence.common import http_addresses, http_client
from valence.podm.pool import Pool


class TidyingTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database()).database
        self.pool = Pool(
            http_client.Limits(allowed_networks=http_addresses.LOOPBACK)
        )
        self.addCleanup(self.pool.close)

    def tidy(self):
        """Let it begin once, and see the end of that."""
        tidying = shared.Tidying(
            shared.Shared(
                conf=None,
                database=self.database,
                bus=None,
                pool=self.pool,
                boot_id='boot',
            )
        )
        tidying.start()
        tidying.stop()

    def test_closes_what_another_process_has_deleted(self):
        kept, deleted = (
            rows.add_pod_manager(self.database, name=name) for name in 'ab'
        )
        connection = self.pool.get(kept)
        self.pool.get(deleted)
        self.database.pod_managers.delete(uuid=deleted.uuid)
        self.tidy()
        self.assertEqual({kept.uuid}, self.pool.uuids())
        self.assertIs(connection, self.pool.get(kept))

    def test_drops_what_is_not_used(self):
        server = self.useFixture(scripted.Scripted())
        podm = rows.add_pod_manager(self.database, url=server.url)
        connection = self.pool.get(podm)
        self.patch(shared, '_IDLE', 0)
        for connections in (1, 2):
            connection.probe()
            self.assertEqual(connections, server.server.connections)
            self.tidy()
