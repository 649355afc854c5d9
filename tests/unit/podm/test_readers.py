import threading

import fixtures
import testtools

from tests.unit.tasks import working
from valence.common import exception
from valence.podm.readers import Job, Readers

_PATIENCE = 30


def unreachable():
    return exception.PodManagerUnreachable(url='http://a', reason='gone')


def followers(readers, key):
    """Count who waits for a read."""
    flight = readers._flights.get(key)
    return 0 if flight is None else len(flight._done_callbacks)


class ReadersTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.released = threading.Event()
        self.addCleanup(self.released.set)
        self.lock = threading.Lock()
        self.begun = []

    def make(self, width=4, most=8, each=2):
        return Readers(width=width, most=most, each=each)

    def job(self, key, podm='a', *, late=False, error=None, hangs=False):
        def read():
            with self.lock:
                self.begun.append(key)
            if key == 'last':
                self.released.set()
            if hangs:
                self.released.wait(_PATIENCE)
            if error is not None:
                raise error
            return f'read {key}'

        return Job(key, podm, read, late)

    def test_nothing(self):
        self.assertEqual({}, self.make().read([], _PATIENCE))

    def test_each_has_its_value_or_its_error(self):
        error = exception.PodManagerMalformed(
            url='http://a', path='/', reason='x'
        )
        jobs = [self.job(1), self.job(2, error=error), self.job(3)]
        self.assertEqual(
            {1: 'read 1', 2: error, 3: 'read 3'},
            self.make().read(jobs, _PATIENCE),
        )

    def test_a_defect_costs_what_it_is_in_only(self):
        self.useFixture(fixtures.FakeLogger())
        jobs = [self.job(1, error=RuntimeError('x')), self.job(2, podm='b')]
        found = self.make().read(jobs, _PATIENCE)
        self.assertIsInstance(found[1], exception.PodManagerMalformed)
        self.assertIn('RuntimeError', found[1].detail)
        self.assertEqual('read 2', found[2])

    def test_many(self):
        jobs = [self.job(key, podm=key % 7) for key in range(500)]
        found = self.make().read(jobs, _PATIENCE)
        self.assertEqual({key: f'read {key}' for key in range(500)}, found)
        self.assertEqual(500, len(self.begun))

    def test_of_who_is_away_no_more_is_read(self):
        jobs = [self.job(key, error=unreachable()) for key in range(50)]
        jobs.append(self.job('other', podm='b'))
        found = self.make().read(jobs, _PATIENCE)
        self.assertEqual('read other', found.pop('other'))
        self.assertEqual(50, len(found))
        for error in found.values():
            self.assertIsInstance(error, exception.PodManagerUnreachable)
        self.assertEqual(2, len(self.begun))

    def test_what_is_forbidden_is_so_alone(self):
        error = exception.PodManagerForbidden(url='http://a')
        jobs = [self.job(1, error=error), self.job(2)]
        self.assertEqual('read 2', self.make().read(jobs, _PATIENCE)[2])

    def test_those_that_hang_do_not_hold_up_the_others(self):
        jobs = [self.job(n, podm=n, hangs=True) for n in range(8)]
        # With it the others go on.
        jobs.append(self.job('last', podm='last'))
        found = self.make(width=2, most=16).read(jobs, _PATIENCE)
        self.assertEqual('read last', found['last'])
        self.assertEqual(9, len(found))

    def test_one_that_hangs_is_given_one_thread(self):
        jobs = [self.job(n, hangs=True) for n in range(8)]
        self.assertEqual({}, self.make().read(jobs, 1))
        working.wait_until(lambda: self.begun)
        self.assertEqual([0], self.begun)

    def test_no_more_threads_than_may_be(self):
        jobs = [self.job(n, podm=n, hangs=True) for n in range(8)]
        self.assertEqual({}, self.make(width=8, most=3).read(jobs, 1))
        working.wait_until(lambda: len(self.begun) >= 3)
        self.assertEqual(3, len(self.begun))

    def test_threads_that_are_free_again_are_used(self):
        readers = self.make(width=8, most=3)
        hang = [self.job(n, podm=n, hangs=True) for n in range(3)]
        readers.read(hang, 0.1)
        threading.Timer(0.5, self.released.set).start()
        found = readers.read([self.job('x', podm='x')], _PATIENCE)
        self.assertEqual({'x': 'read x'}, found)

    def test_those_who_were_away_come_last_and_are_hardly_waited_for(self):
        jobs = [self.job(n, podm=n, late=True, hangs=True) for n in range(3)]
        jobs += [self.job(key, podm=key) for key in 'abc']
        found = self.make(width=1, most=16).read(jobs, 3600)
        self.assertEqual({key: f'read {key}' for key in 'abc'}, found)
        self.assertEqual(['a', 'b', 'c'], self.begun[:3])

    def test_the_same_is_read_once_for_all_who_ask(self):
        readers, answers = self.make(), []

        def ask():
            answers.append(readers.read([self.job(1, hangs=True)], _PATIENCE))

        threads = [threading.Thread(target=ask) for _ in range(16)]
        for thread in threads:
            thread.start()
        working.wait_until(lambda: followers(readers, 1) == 16)
        self.released.set()
        for thread in threads:
            thread.join()
        self.assertEqual([{1: 'read 1'}] * 16, answers)
        self.assertEqual([1], self.begun)

    def test_what_was_not_in_time_is_there_for_the_next_one(self):
        readers = self.make()
        self.assertEqual({}, readers.read([self.job(1, hangs=True)], 0.1))
        threading.Timer(0.2, self.released.set).start()
        self.assertEqual({1: 'read 1'}, readers.read([self.job(1)], _PATIENCE))
        self.assertEqual([1], self.begun)
