import fixtures
import testtools

from tests.fixtures import database, rows
from tests.unit.podm import connected, scripted
from valence.common import exception, http_addresses, http_client
from valence.podm.pool import Pool
from valence.tasks.breaker import Breaker


class BreakerTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.fixture = self.useFixture(database.Database())
        self.database = self.fixture.database
        self.breaker = Breaker(self.database, failures=3, pause=30)
        self.podm = rows.add_pod_manager(self.database, name='pod-7')

    def record(self):
        return self.database.pod_managers.get(ident=self.podm.uuid)

    def fail(self, times, health=None):
        """Tell of calls that got no answer."""
        health = health or self.breaker.health(self.record())
        for _ in range(times):
            health.unanswered('no route')
        return health

    def waiting(self):
        """Add a task that waits for the pod manager."""
        uuid = rows.add_task(self.database, podm_id=self.podm.uuid)
        (task,) = rows.claim(self.database)
        self.database.tasks.wait(
            lease=rows.lease_of(task), delay=600, values={}
        )
        return uuid

    def due(self):
        return [task.uuid for task in rows.claim(self.database)]

    def test_admits_one_that_answers(self):
        self.fail(2)
        self.breaker.admit(self.record())

    def test_opens_after_failures_in_a_row(self):
        self.fail(3)
        record = self.record()
        self.assertEqual(
            ('Offline', 'no route'), (record.status, record.status_reason)
        )
        error = self.assertRaises(
            exception.PodManagerUnreachable, self.breaker.admit, record
        )
        self.assertIn(self.podm.url, error.detail)
        self.assertIn('3 calls', error.detail)

    def test_says_once_that_it_opens_and_once_that_it_closes(self):
        health = self.fail(5)
        self.assertEqual(1, self.logger.output.count('pod-7 is left alone'))
        for _ in range(3):
            health.answered()
        self.assertEqual(1, self.logger.output.count('pod-7 answers again'))

    def test_answer_in_between_counts_anew(self):
        health = self.fail(2)
        health.answered()
        self.fail(2, health)
        self.breaker.admit(self.record())
        self.fail(1, health)
        self.assertTrue(self.record().broken)

    def test_answers_without_failures_are_not_written(self):
        before = self.record()
        self.breaker.health(before).answered()
        self.assertEqual(before, self.record())

    def test_failures_of_several_processes_are_counted_together(self):
        other = Breaker(self.fixture.another(), failures=3, pause=30)
        self.fail(2)
        other.health(self.podm).unanswered('away')
        self.assertTrue(self.record().broken)

    def test_answer_after_failures_of_another_process(self):
        health = self.breaker.health(self.record())
        self.fail(
            2,
            Breaker(self.database, failures=3, pause=30).health(self.record()),
        )
        health.answered()
        self.assertEqual(2, self.record().failures)
        health.seen(self.record())
        health.answered()
        self.assertEqual(0, self.record().failures)

    def test_answer_closes_and_wakes_who_waits(self):
        uuid = self.waiting()
        health = self.fail(3)
        self.assertEqual([], self.due())
        health.answered()
        record = self.record()
        self.breaker.admit(record)
        self.assertEqual(('Online', 0), (record.status, record.failures))
        self.assertEqual([uuid], self.due())

    def test_answer_of_one_that_was_not_left_alone_wakes_nobody(self):
        self.waiting()
        self.fail(2).answered()
        self.assertEqual([], self.due())

    def in_an_outage(self, method, act):
        """Act while a method of the table fails as in an outage."""

        def away(*args, **kwargs):
            raise exception.DatabaseUnavailable

        table = self.database.pod_managers
        with fixtures.MockPatchObject(table, method, away):
            act()

    def test_outage_is_nothing_to_who_gets_no_answer(self):
        health = self.fail(2)
        self.in_an_outage('unanswered', lambda: self.fail(1, health))
        self.assertEqual(2, self.record().failures)

    def test_outage_is_nothing_to_who_gets_an_answer(self):
        health = self.fail(2)
        self.in_an_outage('answered', health.answered)
        self.assertEqual(2, self.record().failures)

    def test_answer_in_an_outage_is_made_up_for(self):
        health = self.fail(3)
        self.in_an_outage('answered', health.answered)
        health.seen(self.record())
        health.answered()
        self.assertFalse(self.record().broken)


class PoolAndBreakerTest(testtools.TestCase):
    """Real calls: through the pool, by HTTP, counted in the database."""

    def setUp(self):
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.database = self.useFixture(database.Database()).database
        self.pod = self.useFixture(connected.ScriptedPod())
        self.podm = rows.add_pod_manager(self.database, url=self.pod.url)
        breaker = Breaker(self.database, failures=2, pause=30)
        limits = http_client.Limits(
            timeout=10, allowed_networks=http_addresses.LOOPBACK
        )
        self.pool = Pool(limits, breaker)
        self.addCleanup(self.pool.close)

    def record(self):
        return self.database.pod_managers.get(ident=self.podm.uuid)

    def call(self, **options):
        """Call the pod manager; tell whether it answered."""
        probe = self.pool.get(self.record(), **options).probe()
        return probe.status == 'Online'

    def go_away(self):
        """Have it close each connection, until it is brought back."""
        self.good = self.pod.script['GET', connected.ROOT]
        self.pod.script['GET', connected.ROOT] = scripted.drop

    def come_back(self):
        self.pod.script['GET', connected.ROOT] = self.good

    def test_one_that_is_away_is_left_alone(self):
        self.go_away()
        for _ in range(2):
            self.assertFalse(self.call())
        self.pod.requests.clear()
        self.assertRaises(exception.PodManagerUnreachable, self.call)
        self.assertEqual([], self.pod.requests)

    def test_one_that_comes_back_is_found_by_a_probe(self):
        self.go_away()
        for _ in range(2):
            self.call()
        self.assertFalse(self.call(probing=True))
        self.come_back()
        self.assertTrue(self.call(probing=True))
        self.assertTrue(self.call())
        self.assertEqual(0, self.record().failures)

    def test_one_that_refuses_answers(self):
        self.pod.script['GET', connected.ROOT] = scripted.Reply(500)
        for _ in range(3):
            self.assertFalse(self.call())
        self.assertEqual(0, self.record().failures)
