import itertools

import testtools

from tests.fixtures import database, programs, rows
from tests.unit.db import claimer
from valence.db.api import Query

#: The slots of each pod manager.
SLOTS = (1, 2)
TASKS = 20


class ManyClaimersTest(testtools.TestCase):
    """Two processes of eight threads each."""

    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.made = self.useFixture(database.Database(self.backend))
        self.slots = {
            rows.add_pod_manager(self.made.database, max_tasks=most).uuid: most
            for most in SLOTS
        }

    def add_tasks(self):
        """Add tasks for each pod manager and for none; give the uuids."""
        tasks = [
            rows.new_task(podm_id=podm_id, short=number % 2 == 0)
            for number in range(TASKS)
            for podm_id in (*self.slots, None)
        ]
        self.made.database.write(
            lambda tables: [tables.tasks.create(task=task) for task in tasks]
        )
        return [task.uuid for task in tasks]

    def work(self):
        """Have all tasks worked on; give what the claimers say."""
        claimers = [
            self.useFixture(
                programs.Program('tests.unit.db.claimer', self.made.url, 8)
            )
            for _ in range(2)
        ]
        for each in claimers:
            self.assertEqual('ready', each.hear())
        for each in claimers:
            each.say('go')
        said = [claimer.Turn.read(word) for c in claimers for word in c.rest()]
        self.assertEqual([0, 0], [c.process.returncode for c in claimers])
        return said

    def test_each_task_is_given_once_and_no_slot_twice(self):
        tasks = self.add_tasks()
        turns = self.work()
        self.assertEqual(sorted(tasks), sorted(turn.uuid for turn in turns))
        found = self.made.database.tasks.list(query=Query())
        self.assertEqual(
            {('completed', 1)}, {(task.state, task.attempt) for task in found}
        )
        at_once = {each: most_at_once(turns, each) for each in self.slots}
        for podm_id, most in self.slots.items():
            self.assertLessEqual(at_once[podm_id], most)
        # Else there was nothing to hold back.
        self.assertGreater(most_at_once(turns, str(None)), max(SLOTS))


def most_at_once(turns, podm_id):
    """Give how many turns on a pod manager's tasks overlapped at the most."""
    changes = [
        change
        for turn in turns
        if turn.podm_id == podm_id
        for change in ((turn.began, 1), (turn.ended, -1))
    ]
    # An end comes before a beginning at the same time.
    return max(itertools.accumulate(change for _, change in sorted(changes)))
