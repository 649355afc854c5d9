import testtools

from tests.fixtures import database, rows
from valence.db.api import IdempotencyKeyTaken
from valence.db.sqlalchemy import models, types

SECOND = 1_000_000


class IdempotencyKeysTest(testtools.TestCase):
    backend = database.SQLITE

    def setUp(self):
        super().setUp()
        self.database = self.useFixture(
            database.Database(self.backend)
        ).database
        self.table = self.database.idempotency_keys

    def add(self, **values):
        key = rows.idempotency_key(**values)
        self.table.add(key=key)
        return key

    def add_old(self, age):
        """Add a key that is so many seconds old."""
        key = self.add()
        with self.database.engine.begin() as connection:
            connection.execute(
                models.idempotency_keys.update()
                .where(models.idempotency_keys.c.digest == key.digest)
                .values(created_at=types.now() - age * SECOND)
            )
        return key

    def left(self, *keys):
        return [key for key in keys if self.table.get(digest=key.digest)]

    def test_get_gives_what_was_written(self):
        key = self.add(answer={'uuid': 'x', 'name': 'ünï ☃'})
        self.add()
        self.assertEqual(key, self.table.get(digest=key.digest))

    def test_get_unknown(self):
        self.add()
        self.assertIsNone(self.table.get(digest='nothing'))

    def test_taken(self):
        key = self.add()
        self.assertRaises(
            IdempotencyKeyTaken,
            self.add,
            digest=key.digest,
            fingerprint='another',
        )
        self.assertEqual(key, self.table.get(digest=key.digest))

    def test_digests_are_told_apart_by_their_case(self):
        one, two = self.add(digest='abc'), self.add(digest='ABC')
        self.assertEqual(one, self.table.get(digest='abc'))
        self.assertEqual(two, self.table.get(digest='ABC'))

    def test_taken_leaves_nothing_of_its_transaction(self):
        key = self.add()

        def work(tables):
            tables.tasks.create(task=task)
            tables.idempotency_keys.add(key=key)

        task = rows.new_task()
        self.assertRaises(IdempotencyKeyTaken, self.database.write, work)
        self.assertEqual([], rows.claim(self.database))

    def test_purge_by_age(self):
        old, fresh = self.add_old(61), self.add_old(59)
        self.assertEqual(1, self.table.purge(age=60, limit=10))
        self.assertEqual([fresh], self.left(old, fresh))

    def test_purge_takes_so_many_the_oldest_first(self):
        keys = [self.add_old(age) for age in (80, 90, 70)]
        self.assertEqual(1, self.table.purge(age=60, limit=1))
        self.assertEqual([keys[0], keys[2]], self.left(*keys))
        self.assertEqual(2, self.table.purge(age=60, limit=10))
        self.assertEqual(0, self.table.purge(age=60, limit=10))
