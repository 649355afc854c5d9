import testtools

from tests.fixtures import database, rows
from valence.conductor.scheduler import Scheduler


class SchedulerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database()).database

    def add(self, name, *, nodes=0, status='Online', **usage):
        podm = rows.add_pod_manager(
            self.database, name=name, usage=usage, status=status
        )
        for _ in range(nodes):
            rows.add_node(self.database, podm_id=podm.uuid)
        return podm.uuid

    def choose(self, *excluded):
        return Scheduler(self.database).choose(excluded=excluded)

    def test_smallest_share_first(self):
        half = self.add('half', systems=4, nodes=2)
        empty = self.add('empty', systems=4)
        tenth = self.add('tenth', systems=30, nodes=3)
        self.assertEqual([empty, tenth, half], self.choose().ranked)

    def test_of_unknown_size_last(self):
        unknown = self.add('unknown')
        nearly = self.add('nearly', systems=4, nodes=3)
        used = self.add('used', nodes=2)
        self.assertEqual([nearly, unknown, used], self.choose().ranked)

    def test_full(self):
        self.add('full', systems=2, nodes=2)
        choice = self.choose()
        self.assertEqual([], choice.ranked)
        self.assertEqual(
            ['full: all of its 2 systems are in use'], choice.reasons()
        )

    def test_capacity_counts_where_it_is_told(self):
        # It makes systems out of what is no system yet.
        free = self.add('free', systems=0, capacity=8, nodes=2)
        half = self.add('half', systems=4, nodes=2)
        self.add('full', systems=9, capacity=2, nodes=2)
        choice = self.choose()
        self.assertEqual([free, half], choice.ranked)
        self.assertEqual(
            ['full: all of its 2 systems are in use'], choice.reasons()
        )

    def test_not_online(self):
        for status in ('Offline', 'Unauthorized', 'Unknown', 'Deleting'):
            self.add(status, status=status)
        choice = self.choose()
        self.assertEqual([], choice.ranked)
        self.assertEqual(
            {
                status: f'it is {status}'
                for status in (
                    'Offline',
                    'Unauthorized',
                    'Unknown',
                    'Deleting',
                )
            },
            choice.refused,
        )

    def test_tried_already(self):
        tried = self.add('tried', systems=4)
        other = self.add('other', systems=4, nodes=3)
        choice = self.choose(tried)
        self.assertEqual([other], choice.ranked)
        self.assertIn('tried', choice.refused['tried'])

    def test_nobody(self):
        self.assertEqual(
            ['No pod manager is registered.'], self.choose().reasons()
        )

    def test_no_reasons_where_all_are_good(self):
        self.add('good', systems=1)
        self.assertEqual([], self.choose().reasons())
