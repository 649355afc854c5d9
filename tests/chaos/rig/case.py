"""The base of the tests: a seed, a rig, and figures that are printed."""

import random
import re
import sys
from typing import Any

import testtools
from testtools import content

from tests.chaos.rig import chance
from tests.chaos.rig.plan import Plan
from tests.chaos.rig.rig import Rig
from tests.chaos.rig.verdict import Verdict


def say(text: str) -> None:
    """Tell whoever watches the run."""
    print(text, file=sys.stderr, flush=True)


class ChaosCase(testtools.TestCase):
    """:ivar random: what every random choice of the test comes from."""

    random: random.Random

    def setUp(self) -> None:
        super().setUp()
        self.random = chance.of(self.id())
        say(f'CHAOS_SEED={chance.SEED} {self.id()}')
        self.addDetail('seed', content.text_content(chance.SEED))

    def new_rig(self, **options: Any) -> Rig:
        """Build a house, by the options of Plan; failures show its logs."""
        rig = self.useFixture(Rig(self.random, Plan(**options)))
        self.addOnException(lambda _info: self._show_logs(rig))
        return rig

    def judge(self, rig: Rig, *, failures: bool = False) -> Verdict:
        """Let everything end; nothing may be lost, and nothing be twice."""
        rig.wait_for_tasks()
        verdict = rig.verdict()
        problems = verdict.problems(failures=failures)
        if problems:
            self.fail(problems)
        return verdict

    def note(self, figures: str) -> None:
        """Print what was measured, with the number of the row."""
        found = re.search(r'test_row_(\d+)', self.id())
        assert found is not None, self.id()
        say(f'row {int(found[1])}: {figures}')

    def _show_logs(self, rig: Rig) -> None:
        for name, process in rig.stack.processes.items():
            self.addDetail(
                f'{name}.log', content.text_content(process.log_tail())
            )
