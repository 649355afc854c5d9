import resource
import threading

import fixtures
import testtools

from valence.common import service


class Part:
    def __init__(self, name, log, fails=()):
        self.name = name
        self.log = log
        self.fails = fails

    def start(self):
        self.log.append(f'start {self.name}')
        if 'start' in self.fails:
            raise RuntimeError(f'{self.name} does not start')

    def stop(self):
        self.log.append(f'stop {self.name}')
        if 'stop' in self.fails:
            raise RuntimeError(f'{self.name} does not stop')


class ServiceTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.log = []

    def make(self, **fails):
        def build():
            for name in 'abc':
                self.log.append(f'make {name}')
                yield Part(name, self.log, fails.get(name, ()))

        return service.Service('test', build)

    def test_nothing_before_start(self):
        self.make()
        self.assertEqual([], self.log)

    def test_each_is_started_before_the_next_is_made(self):
        self.make().start()
        self.assertEqual(
            ['make a', 'start a', 'make b', 'start b', 'make c', 'start c'],
            self.log,
        )

    def test_stopped_in_reverse(self):
        made = self.make()
        made.start()
        self.log.clear()
        made.stop()
        made.stop()
        self.assertEqual(['stop c', 'stop b', 'stop a'], self.log)

    def test_part_that_does_not_start_ends_the_others(self):
        made = self.make(b=['start'])
        error = self.assertRaises(RuntimeError, made.start)
        self.assertEqual('b does not start', str(error))
        self.assertEqual('stop a', self.log[-1])
        self.assertNotIn('stop b', self.log)

    def test_part_that_does_not_stop_keeps_no_other_from_it(self):
        made = self.make(b=['stop'])
        made.start()
        made.stop()
        self.assertEqual(['stop c', 'stop b', 'stop a'], self.log[-3:])
        self.assertIn('b does not stop', self.logger.output)
        made.wait()

    def test_wait_ends_with_stop(self):
        made = self.make()
        made.start()
        waiting = threading.Thread(target=made.wait, daemon=True)
        waiting.start()
        waiting.join(0.1)
        self.assertTrue(waiting.is_alive())
        made.stop()
        waiting.join(30)
        self.assertFalse(waiting.is_alive())


class DescriptorsTest(testtools.TestCase):
    def test_as_many_as_there_may_be(self):
        kind = resource.RLIMIT_NOFILE
        before = resource.getrlimit(kind)
        self.addCleanup(resource.setrlimit, kind, before)
        resource.setrlimit(kind, (512, before[1]))
        service.allow_descriptors()
        self.assertEqual((before[1], before[1]), resource.getrlimit(kind))
