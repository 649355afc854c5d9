"""Row 16: the clock of one worker is wrong, which nobody goes by."""

import datetime
import glob
import pathlib
import re

from tests.chaos import rig as rig_package
from tests.chaos.rig import chance
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.rig import Rig
from tests.fixtures import processes

_MINUTES = 10
_LIBRARY = '/usr/lib/*/faketime/libfaketimeMT.so.1'
_SKEWED = 'compute1'
#: Long enough for a machine that is busy with other things: nobody loses a
#: lease for any other reason than the clock.
_LONG_LEASE = {'tasks': ['lease = 15']}


class ClockSkew(ChaosCase):
    def test_row_16_clock_ahead(self) -> None:
        self.compose_with_skew(_MINUTES)

    def test_row_16_clock_behind(self) -> None:
        self.compose_with_skew(-_MINUTES)

    def compose_with_skew(self, minutes: int) -> None:
        count = chance.scale(500, 100)
        rig = self.new_rig(nodes=2 * count, more=_LONG_LEASE)
        rig.services.restart(_SKEWED, _environment(minutes))
        rig.stack.wait_until_up()
        rig.compose(count)
        rig.wait_for_tasks()
        self.assert_no_takeover(rig)

        # The one with the wrong clock dies, and the other one notices.
        rig.compose(count)
        rig.services.kill(_SKEWED)
        verdict = self.judge(rig)
        self.note(f'{minutes:+} min: {verdict.figures}')
        self.assert_was_skewed(rig, minutes)

    def assert_no_takeover(self, rig: Rig) -> None:
        for name in rig.services.names('compute'):
            self.assertNotIn('taken over', rig.stack.log(name))

    def assert_was_skewed(self, rig: Rig, minutes: int) -> None:
        """Make sure that it had work, and the wrong time."""
        log = rig.stack.log(_SKEWED)
        self.assertIn('completed: Composed', log)
        last = re.findall(r'^(\d{4}-\S+ \d\d:\d\d:\d\d)', log, re.MULTILINE)[
            -1
        ]
        told = datetime.datetime.fromisoformat(last)
        error = told - datetime.datetime.now()
        self.assertAlmostEqual(minutes, error.total_seconds() / 60, delta=2)


def _environment(minutes: int) -> dict[str, str]:
    """Give the environment in which the clock is wrong, but not its pace."""
    found = glob.glob(_LIBRARY)
    if not found:
        raise processes.MissingProgramError('libfaketime', 'faketime')
    return {
        'LD_PRELOAD': found[0],
        'FAKETIME': f'{minutes * 60:+}',
        'FAKETIME_DONT_FAKE_MONOTONIC': '1',
        'PYTHONPATH': str(
            pathlib.Path(rig_package.__file__).parent / 'skewed'
        ),
    }
