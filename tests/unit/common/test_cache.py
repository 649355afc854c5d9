import pickle
import subprocess
import sys
import threading

import fixtures
import testtools
from oslo_config import cfg

from tests.unit.common import memcached
from valence.common import cache
from valence.conf import inventory

VALUE = [1, {'a': ['b', None]}]


class Touched:
    """What does something when it is unpickled."""

    done = False

    def __reduce__(self):
        return setattr, (Touched, 'done', True)


class CacheTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.conf = cfg.ConfigOpts()
        inventory.register_opts(self.conf)

    def make(self, capacity=10_000, **options):
        for name, value in options.items():
            self.conf.set_override(name, value, group='cache')
        return cache.Cache(cache.make_region(self.conf, capacity))

    def remote(self, server, **options):
        return self.make(
            enabled=True,
            backend='dogpile.cache.pymemcache',
            memcache_servers=[f'127.0.0.1:{server.port}'],
            **options,
        )

    def test_in_memory(self):
        made = self.make()
        self.assertEqual({}, made.get_all(['a', 'b']))
        made.put('a', VALUE)
        self.assertEqual({'a': VALUE}, made.get_all(['a', 'b']))

    def test_nothing_is_asked_for(self):
        self.assertEqual({}, self.make().get_all([]))

    def test_what_is_given_is_the_own_of_who_asked(self):
        made = self.make()
        made.put('a', VALUE)
        made.get_all(['a'])['a'].append(5)
        self.assertEqual({'a': VALUE}, made.get_all(['a']))

    def test_memory_is_bounded(self):
        made = self.make()
        for number in range(100):
            made.put(str(number), 'x' * 1000)
        found = made.get_all([str(number) for number in range(100)])
        self.assertIn('99', found)
        self.assertNotIn('0', found)
        self.assertLess(len(found), 10)

    def test_no_memory_keeps_nothing(self):
        made = self.make(capacity=0)
        made.put('a', VALUE)
        self.assertEqual({}, made.get_all(['a']))

    def test_many_threads(self):
        made = self.make(capacity=100_000)

        def work(number):
            for step in range(200):
                made.put(f'{number} {step % 5}', [number, step])
                made.get_all([f'{number} {each}' for each in range(5)])

        threads = [
            threading.Thread(target=work, args=[number]) for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({'7 4': [7, 199]}, made.get_all(['7 4', 'never']))
        self.assertEqual('', self.logger.output)

    def in_memory_all_the_same(self, **options):
        """Give what is logged about options that cannot be followed."""
        made = self.make(enabled=True, **options)
        made.put('a', VALUE)
        self.assertEqual({'a': VALUE}, made.get_all(['a']))
        self.assertIn('is of no use', self.logger.output)
        return self.logger.output

    def test_backends_that_unpickle_are_refused(self):
        for backend in cache._UNSAFE:
            told = self.in_memory_all_the_same(backend=backend)
            self.assertIn(f'must not be {backend}', told)
            self.assertIn('use dogpile.cache.pymemcache', told)

    def test_options_that_contradict_each_other(self):
        told = self.in_memory_all_the_same(
            backend='dogpile.cache.pymemcache',
            expiration_time=20,
            backend_expiration_time=10,
        )
        self.assertIn('backend_expiration_time', told)

    def test_a_library_that_is_not_there(self):
        self.patch(sys, 'modules', {**sys.modules, 'redis': None})
        self.in_memory_all_the_same(backend='dogpile.cache.redis')

    def test_enabled_without_a_backend_keeps_nothing(self):
        made = self.make(enabled=True)
        made.put('a', VALUE)
        self.assertEqual({}, made.get_all(['a']))

    def test_memcached(self):
        server = self.useFixture(memcached.Memcached())
        times = {'expiration_time': 60, 'backend_expiration_time': 90}
        self.remote(server, **times).put('a', VALUE)
        # Another process finds it.
        found = self.remote(server).get_all(['a', 'b'])
        self.assertEqual({'a': VALUE}, found)

    def test_nothing_in_memcached_is_unpickled(self):
        server = self.useFixture(memcached.Memcached())
        made = self.remote(server)
        made.put('a', VALUE)
        evil = pickle.dumps(Touched())
        for value in (evil, b'{"ct": 1, "v": 2}|' + evil, b'', b'|'):
            for flags in (0, 1, 2, 4):
                server.kept = dict.fromkeys(server.kept, (flags, value))
                self.assertEqual({}, made.get_all(['a']))
        self.assertFalse(Touched.done)

    def test_memcached_that_is_away(self):
        with memcached.Memcached() as server:
            made = self.remote(server)
            made.put('a', VALUE)
        self.assertEqual({}, made.get_all(['a']))
        made.put('a', VALUE)
        self.assertEqual(1, self.logger.output.count('does not work'))

    def test_memcached_that_does_not_answer(self):
        server = self.useFixture(memcached.Memcached())
        server.deaf = True
        made = self.remote(server, socket_timeout=0.2)
        self.assertEqual({}, made.get_all(['a']))
        self.assertIn('does not work', self.logger.output)

    def test_that_it_works_again_is_told_once(self):
        made = self.make()
        for value in (object(), object(), VALUE, VALUE):
            made.put('a', value)
        self.assertEqual(
            (1, 1),
            (
                self.logger.output.count('does not work'),
                self.logger.output.count('works again'),
            ),
        )

    def test_import_needs_no_eventlet(self):
        code = (
            "import sys; sys.modules['eventlet'] = None; "
            'import valence.common.cache, valence.common.cache_memcached'
        )
        subprocess.run([sys.executable, '-c', code], check=True, timeout=60)
