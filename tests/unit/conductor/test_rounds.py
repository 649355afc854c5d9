import testtools

from tests.fixtures import database, rows
from tests.unit.tasks import working
from valence.conductor import rounds, rpcapi
from valence.conductor.rounds import Rounds
from valence.db.api import Query
from valence.tasks.doorbell import Doorbell


class RoundsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database()).database
        self.podm = rows.add_pod_manager(self.database)

    def look(self):
        """Let two conductors look; give the actions of all tasks."""
        for _conductor in range(2):
            Rounds(
                self.database,
                Doorbell(working.Bells()),
                interval=600,
                probe_pause=30,
            ).look()
        return [
            task.action for task in self.database.tasks.list(query=Query())
        ]

    def make_due(self):
        self.database.pod_managers.not_synced(
            uuid=self.podm.uuid, error='', next_in=0
        )

    def test_nothing_is_due(self):
        self.assertEqual([], self.look())

    def test_sync_that_is_due_is_written_once(self):
        self.make_due()
        self.assertEqual(['sync_pod_manager'], self.look())
        (task,) = self.database.tasks.list(query=Query())
        podm = self.database.pod_managers.get(ident=self.podm.uuid)
        self.assertEqual(task.uuid, podm.task_uuid)

    def test_next_sync_takes_the_place_of_the_last(self):
        self.make_due()
        self.look()
        (task,) = rows.claim(self.database, topic=rpcapi.TOPIC)
        self.database.tasks.finish(
            lease=rows.lease_of(task), state='completed', message=''
        )
        self.make_due()
        self.assertEqual(['sync_pod_manager'], self.look())
        (again,) = self.database.tasks.list(query=Query())
        self.assertNotEqual(task.uuid, again.uuid)

    def test_no_more_syncs_than_workers_keep_up_with(self):
        self.patch(rounds, '_BACKLOG', 3)
        for _ in range(4):
            podm = rows.add_pod_manager(self.database)
            self.database.pod_managers.not_synced(
                uuid=podm.uuid, error='', next_in=0
            )
        # What others have to do counts for nothing.
        rows.add_task(self.database)
        self.assertEqual(3, self.look().count('sync_pod_manager'))
        self.assertEqual(3, self.look().count('sync_pod_manager'))
        rows.claim(self.database, topic=rpcapi.TOPIC, limit=2)
        self.assertEqual(4, self.look().count('sync_pod_manager'))

    def test_one_that_does_not_answer_is_probed_and_not_synced(self):
        self.make_due()
        self.database.pod_managers.unanswered(
            uuid=self.podm.uuid, reason='away', most=1, pause=0
        )
        self.assertEqual(['probe_pod_manager'], self.look())
