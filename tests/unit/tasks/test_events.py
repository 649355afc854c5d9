import sqlalchemy as sa
import testtools

from tests.fixtures import database, rows
from valence.objects.event import Look
from valence.tasks import events

_LONG = 1000


class ReceptionTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.database = self.useFixture(database.Database()).database
        self.now = 0.0
        self.reception = self.new_reception()
        self.token = events.new_token()
        self.uuid = self.add()

    def new_reception(self, interval=_LONG):
        return events.Reception(
            self.database, interval=interval, clock=lambda: self.now
        )

    def add(self):
        podm = rows.add_pod_manager(self.database)
        self.database.pod_managers.update(
            uuid=podm.uuid,
            values={'event_digest': events.digest_of(self.token)},
        )
        return podm.uuid

    @property
    def podm(self):
        return self.database.pod_managers.get(ident=self.uuid)

    def receive(self, look=Look.VALUES, token=None):
        return self.reception.receive(self.uuid, token or self.token, look)

    def test_token_is_long_and_not_stored(self):
        self.assertNotEqual(events.new_token(), events.new_token())
        self.assertGreaterEqual(len(self.token), 256 / 6)
        self.assertNotIn(self.token, str(self.podm))

    def test_what_came_is_noted(self):
        self.assertTrue(self.receive())
        self.assertEqual(1, self.podm.changes)
        self.assertIsNone(self.podm.next_sync_at)

    def test_more_or_less_makes_a_sync_due(self):
        self.assertTrue(self.receive(Look.SYNC))
        self.assertIsNotNone(self.podm.next_sync_at)

    def test_nothing_is_not_noted(self):
        self.assertTrue(self.receive(Look.NONE))
        self.assertEqual(0, self.podm.changes)

    def test_wrong_tokens(self):
        for token in ('x', events.new_token(), 'x' * 5000, 'ü'):
            self.assertFalse(self.receive(token=token))
        self.assertFalse(
            self.reception.receive(rows.new_uuid(), self.token, Look.SYNC)
        )
        without = rows.add_pod_manager(self.database).uuid
        self.assertFalse(
            self.reception.receive(without, self.token, Look.SYNC)
        )
        self.assertEqual(0, self.podm.changes)

    def test_wrong_token_amid_a_flood(self):
        for _event in range(3):
            self.receive()
        self.assertFalse(self.receive(token=events.new_token()))

    def test_flood_costs_no_statement(self):
        for _event in range(2):
            self.receive(Look.SYNC)
        statements = []
        sa.event.listen(
            self.database.engine,
            'before_cursor_execute',
            lambda *args: statements.append(args[2]),
        )
        for look in (Look.SYNC, Look.VALUES, Look.NONE):
            self.assertTrue(self.receive(look))
        self.assertEqual([], statements)
        self.now += _LONG
        self.receive()
        self.assertNotEqual([], statements)

    def test_greater_one_in_a_flood_of_lesser(self):
        for _event in range(3):
            self.receive(Look.VALUES)
        self.assertIsNone(self.podm.next_sync_at)
        self.receive(Look.SYNC)
        self.assertEqual(self.podm.event_due_at, self.podm.next_sync_at)

    def test_memory_ends_with_the_interval(self):
        for _event in range(2):
            self.receive()
        due = self.podm.event_due_at
        self.assertIsNotNone(due)
        self.now += _LONG
        self.database.pod_managers.update(
            uuid=self.uuid, values={'event_due_at': None}
        )
        self.receive()
        self.assertIsNotNone(self.podm.event_due_at)

    def test_two_processes(self):
        other = self.new_reception()
        for reception in (self.reception, other) * 3:
            self.assertTrue(
                reception.receive(self.uuid, self.token, Look.SYNC)
            )
        self.assertEqual(1, self.podm.changes)
        self.assertIsNotNone(self.podm.event_due_at)

    def test_memory_is_bounded(self):
        self.patch(events, '_MOST', 2)
        uuids = [self.add() for _number in range(3)]
        for uuid in uuids * 2:
            self.reception.receive(uuid, self.token, Look.SYNC)
        self.assertEqual(2, len(self.reception._due))
        self.assertEqual(2, len(self.reception._digests))
