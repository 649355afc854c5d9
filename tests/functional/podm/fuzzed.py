"""Checks what a driver does at pod managers that make mistakes.

There are as many examples as ``FUZZ_EXAMPLES`` says. The usual ones are the
same each time; others are chosen by chance.
"""

import os
from collections.abc import Callable, Iterable
from typing import Any

import fixtures
import hypothesis
from hypothesis import configuration, strategies

from tests.functional.podm import mutations, oracle, recorded, replaying
from tests.unit.podm import connected
from valence.common import http_client, http_retry
from valence.objects import hardware
from valence.objects.resource import url_key
from valence.podm.redfish import driver

EXAMPLES = int(os.environ.get('FUZZ_EXAMPLES', '10000'))
#: The tests that share them.
PARTS = 29

LIMITS = http_client.Limits(timeout=10, change_timeout=10, max_connections=2)
BOTH = (False, True)

_USUAL = 'FUZZ_EXAMPLES' not in os.environ
#: Seconds after which a test has come to no end.
_HANGS = 3000

#: Statuses that tell of one document, and not of the whole server.
OF_ONE = (200, 202, 204, 206, 302, 304, 400, 403, 404, 405, 410, 500, 503)

Operation = Callable[[driver.RedfishConnection, oracle.Oracle], Any]
Draw = Callable[[mutations.Dice], tuple[Any, ...]]


class Fuzzed:
    """Has many examples of one kind of pod manager checked."""

    mode: str
    systems = 2

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.Timeout(_HANGS, gentle=True))
        self.useFixture(fixtures.FakeLogger())
        # What hypothesis keeps is of no use here, and would be left behind.
        home = self.useFixture(fixtures.TempDir()).path
        configuration.set_hypothesis_home_dir(home)
        self.addCleanup(configuration.set_hypothesis_home_dir, None)
        # The pauses before a request is made again.
        self.patch(http_retry.random, 'uniform', lambda *_bounds: 0.0)
        self.server = self.useFixture(replaying.Replaying())
        self.recording = recorded.recording(self.mode, self.systems)

    def explore(self, draw: Draw, check: Callable[..., None]) -> None:
        """Check this test's share of the examples."""
        share, checked = -(-EXAMPLES // PARTS), 0
        size = mutations.Dice.BYTES
        drawn_bytes = strategies.binary(min_size=size, max_size=size)

        @hypothesis.settings(
            max_examples=share,
            database=None,
            deadline=None,
            derandomize=_USUAL,
            print_blob=not _USUAL,
            suppress_health_check=list(hypothesis.HealthCheck),
        )
        @hypothesis.given(drawn_bytes.map(mutations.Dice).map(draw))
        def example(drawn: Any) -> None:
            nonlocal checked
            checked += 1
            check(*drawn)

        example()
        self.assertGreaterEqual(checked, share)

    def run_in(
        self,
        operation: Operation,
        mistakes: list[mutations.Mistake],
        **options: Any,
    ) -> Any:
        """Give what comes of an operation in a world with mistakes."""
        world = recorded.World(
            self.recording, mutations.change(mistakes), **options
        )
        self.server.reply = world
        url = self.server.url
        with connected.Connected(url, LIMITS) as podm:
            judge = oracle.Oracle(self, url, mistakes)
            found = operation(podm.connection, judge)
        self.assertLessEqual(world.count, world.most)
        return found

    def asked(self, operation: Operation, **options: Any) -> set[recorded.Key]:
        """Give what an operation asks for where there is no mistake."""
        found: set[recorded.Key] = set()
        for expands in (False, True):
            self.run_in(operation, [], expands=expands, **options)
            found |= self.server.reply.asked
        return found

    def mistakes(
        self, keys: Iterable[recorded.Key], **more: Any
    ) -> mutations.Mistakes:
        recording = self.recording
        return mutations.Mistakes(
            recording.answers, keys, recording.paths, **more
        )

    def mutate(self, operation: Operation, **options: Any) -> None:
        """Have mistakes in all that an operation asks for."""
        mistakes = self.mistakes(self.asked(operation, **options))

        def draw(dice: mutations.Dice) -> tuple[Any, ...]:
            expands, accepts = dice.choose(BOTH), dice.choose(BOTH)
            return expands, accepts, mistakes.some(dice)

        def check(
            expands: bool, accepts: bool, mistakes: list[mutations.Mistake]
        ) -> None:
            self.run_in(
                operation,
                mistakes,
                expands=expands,
                accepts=accepts,
                **options,
            )

        self.explore(draw, check)

    def confine(
        self,
        places: dict[str, list[str]],
        readable: Callable[[str], set[str]],
    ) -> None:
        """Have mistakes in one place; all that is readable is read.

        :param places: by name what the paths of its documents begin with.
        """
        asked = self.asked(read_inventory)
        each = {
            name: self.mistakes(found, statuses=OF_ONE, wires=())
            for name, starts in places.items()
            if (found := [key for key in asked if _is_in(key[1], starts)])
        }

        def draw(dice: mutations.Dice) -> tuple[Any, ...]:
            name, expands = dice.choose(sorted(each)), dice.choose(BOTH)
            return name, expands, each[name].some(dice)

        whole, _systems = self.run_in(read_inventory, [])
        everything = keys(whole)
        broken = {
            name: {
                path
                for path in everything
                if _is_in(path, [start.lower() for start in starts])
            }
            for name, starts in places.items()
        }
        listed = set(map(url_key, self.recording.systems))

        def check(
            name: str, expands: bool, mistakes: list[mutations.Mistake]
        ) -> None:
            parts, systems = self.run_in(
                read_inventory, mistakes, expands=expands
            )
            self.assertIsInstance(systems, list, systems)
            urls = {system.url for system in systems}
            self.assertEqual(set(), readable(name) - urls)
            if expands and any(map(_is_of_identity, mistakes)):
                # What comes along is known by what it says to be.
                return
            # Whatever is the matter with a system, it is in its collection.
            unknown = broken[name] - listed
            self.assertEqual(set(), everything - unknown - keys(parts))

        self.explore(draw, check)


def _is_in(path: str, starts: Iterable[str]) -> bool:
    return any(
        path.startswith(start) if start.endswith('/') else path == start
        for start in starts
    )


def _is_of_identity(mistake: mutations.Mistake) -> bool:
    """Tell whether a mistake is about what a resource says to be."""
    if not isinstance(mistake, mutations.Field):
        return False
    return (
        '@odata.id' in mistake.pointer[-1:]
        or not mistake.pointer
        or (isinstance(mistake.value, dict) and '@odata.id' in mistake.value)
    )


def read_inventory(
    podm: driver.RedfishConnection, judge: oracle.Oracle
) -> tuple[list[hardware.Part], Any]:
    found = judge.call(podm.probe)
    assert isinstance(found, hardware.Probe), found
    inventory = podm.inventory
    parts: list[hardware.Part] = []
    judge.call(lambda: parts.extend(inventory.walk()))
    judge.judge_parts(parts)
    return parts, judge.call(inventory.systems)


def keys(parts: Iterable[hardware.Part]) -> set[str]:
    """Give what was found, however it is spelt."""
    return {url_key(url) for part in parts for url, _type in part.found}
