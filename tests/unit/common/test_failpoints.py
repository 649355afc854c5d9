import signal
import subprocess
import sys
import time

import testtools

from tests.fixtures import programs
from valence.common import failpoints

_PROGRAM = """
import sys
from valence.common import failpoints
for name in sys.argv[1:]:
    failpoints.reach(name)
    print(name, flush=True)
"""


def run(text, *names):
    """Run a process that reaches points; give its exit code and them."""
    done = subprocess.run(
        [sys.executable, '-c', _PROGRAM, *names],
        cwd=programs.PROJECT,
        env={} if text is None else {failpoints.VARIABLE: text},
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    return done.returncode, done.stdout.split()


class ParseTest(testtools.TestCase):
    def assert_names(self, names, text):
        self.assertEqual(set(names), failpoints.parse(text).keys())

    def test_nothing(self):
        for text in ('', ' ', ','):
            self.assert_names([], text)

    def test_several(self):
        self.assert_names(
            ['one', 'two', 'three'],
            'one:exit9, two:exit9@3,three:sleep0.5,',
        )

    def test_what_is_not_understood_is_named(self):
        for part in (
            'one',
            'one:',
            'one:exit',
            'one:exit91',
            'one:exit9@',
            'one:exit9@x',
            'one:sleep',
            'one:sleep.5',
            'one:sleep-1',
            'one:sleep1@2',
            ':exit9',
            'o ne:exit9',
        ):
            error = self.assertRaises(
                ValueError, failpoints.parse, f'two:exit9,{part}'
            )
            self.assertIn(f': {part} is not', str(error))
            self.assertIn(failpoints.VARIABLE, str(error))

    def test_sleep(self):
        sleep = failpoints.parse('one:sleep0.2')['one']
        for _ in range(2):
            started = time.monotonic()
            sleep()
            self.assertGreaterEqual(time.monotonic() - started, 0.2)


class ReachTest(testtools.TestCase):
    """What becomes of a process that reaches points."""

    killed = -signal.SIGKILL

    def test_nothing_without_the_variable(self):
        self.assertEqual((0, ['one', 'one']), run(None, 'one', 'one'))

    def test_killed_at_its_point(self):
        self.assertEqual(
            (self.killed, ['one']), run('two:exit9', 'one', 'two', 'three')
        )

    def test_killed_at_its_turn(self):
        self.assertEqual(
            (self.killed, ['one', 'two', 'one']),
            run('one:exit9@3', 'one', 'two', 'one', 'one', 'one'),
        )

    def test_goes_on_at_other_points(self):
        self.assertEqual((0, ['one']), run('two:exit9', 'one'))

    def test_sleeps(self):
        started = time.monotonic()
        self.assertEqual((0, ['one', 'one']), run('one:sleep1', 'one', 'one'))
        self.assertGreaterEqual(time.monotonic() - started, 2)

    def test_does_not_start_with_what_is_not_understood(self):
        code, reached = run('one:explode', 'two')
        self.assertEqual((1, []), (code, reached))
