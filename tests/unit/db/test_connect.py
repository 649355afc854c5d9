import fixtures
import sqlalchemy as sa
import testtools
from oslo_config import fixture as config

from tests.fixtures import database
from valence.conf import CONF
from valence.db import connect
from valence.db.sqlalchemy import migration


class ConnectTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.url = self.useFixture(database.Empty()).url
        self.config = self.useFixture(config.Config(CONF))
        self.config.config(group='database', connection=self.url)
        # It is not there, which is told.
        directory = self.useFixture(fixtures.TempDir()).path
        self.config.config(group='credentials', key_file=f'{directory}/keys')
        self.log = self.useFixture(fixtures.FakeLogger())

    def test_upgrade(self):
        self.assertIsNone(connect.schema_version(CONF))
        connect.upgrade(CONF)
        self.assertEqual(migration.head(), connect.schema_version(CONF))

    def test_connect(self):
        connect.upgrade(CONF)
        opened = connect.connect(CONF)
        self.addCleanup(opened.close)
        self.assertEqual({}, opened.nodes.count_by_pod_manager())
        self.assertIn('/keys', self.log.output)

    def test_opened_is_closed(self):
        closed = []
        with connect.opened(CONF) as opened:
            sa.event.listen(opened.engine, 'engine_disposed', closed.append)
            opened.ping()
            self.assertEqual([], closed)
        self.assertEqual([opened.engine], closed)

    def test_pool_is_as_configured(self):
        # Nobody is there; nobody is asked before there is work.
        nowhere = 'postgresql+psycopg://nobody@127.0.0.1:1/nothing'
        self.config.config(
            group='database', connection=nowhere, max_pool_size=3
        )
        with connect.opened(CONF) as opened:
            self.assertEqual(3, opened.engine.pool.size())
