import testtools

from tests.fixtures import database, rows
from valence.cmd import shared
from valence.common import http_client
from valence.podm.pool import Pool


class TidyingTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database()).database
        self.pool = Pool(http_client.Limits())
        self.addCleanup(self.pool.close)
        self.tidying = shared.Tidying(
            shared.Shared(
                conf=None,
                database=self.database,
                bus=None,
                pool=self.pool,
                boot_id='boot',
            )
        )

    def test_closes_what_another_process_has_deleted(self):
        kept, deleted = (
            rows.add_pod_manager(self.database, name=name) for name in 'ab'
        )
        connection = self.pool.get(kept)
        self.pool.get(deleted)
        self.database.pod_managers.delete(uuid=deleted.uuid)
        self.tidying.start()
        self.tidying.stop()
        self.assertEqual({kept.uuid}, self.pool.uuids())
        self.assertIs(connection, self.pool.get(kept))
