"""The walk, where one of all documents after the other is broken.

Whatever is broken: all else is found, and what is missing is told by the
types of the parts that failed, so that nobody takes it for gone.
"""

from collections.abc import Iterable

import fixtures
import testtools

from tests.functional.podm import recorded, replaying
from tests.unit.podm import connected
from valence.common import http_client
from valence.objects import hardware
from valence.objects.resource import url_key

_LIMITS = http_client.Limits(timeout=10, max_connections=4)
#: Each tells of one document, and not of the server.
_BROKEN = (
    replaying.Answer(404),
    replaying.Answer(500, body=b'<html>'),
    replaying.Answer(403),
    replaying.Answer(200, body=b'<html>'),
    replaying.Answer(200, document={}),
    replaying.Answer(200, document={'error': {'code': 'Base.1.0.No'}}),
    replaying.Answer(302, {'Location': 'http://127.0.0.2:1/redfish/v1'}),
)

Parts = list[hardware.Part]


class WalkTests:
    """What all kinds of pod managers are tested by."""

    mode: str
    systems = 2

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.server = self.useFixture(replaying.Replaying())
        self.recording = recorded.recording(self.mode, self.systems)

    def walk(
        self, broken: dict[recorded.Key, replaying.Answer], *, expands: bool
    ) -> tuple[Parts, recorded.World]:
        """Walk through the recording, with some answers replaced."""
        world = recorded.World(
            self.recording,
            lambda answers: answers.update(broken),
            expands=expands,
        )
        self.server.reply = world
        with connected.Connected(self.server.url, _LIMITS) as podm:
            return list(podm.connection.inventory.walk()), world

    def test_nothing_is_asked_for_twice(self) -> None:
        for expands in (False, True):
            parts, world = self.walk({}, expands=expands)
            self.assertEqual([], _errors(parts))
            # The first try to expand may be in vain, level by level.
            if expands:
                self.assertEqual(len(world.asked), world.count)

    def test_expanded_or_not(self) -> None:
        one_by_one, _world = self.walk({}, expands=False)
        expanded, _world = self.walk({}, expands=True)
        self.assertEqual(
            [(part.url, part.found) for part in one_by_one],
            [(part.url, part.found) for part in expanded],
        )

    def test_each_document_broken(self) -> None:
        for expands in (False, True):
            whole, _world = self.walk({}, expands=expands)
            _parts, world = self.walk({}, expands=False)
            for key in sorted(world.asked - {('GET', recorded.ROOT)}):
                for answer in _BROKEN:
                    parts, _world = self.walk({key: answer}, expands=expands)
                    self.judge(whole, parts, key[1], answer)

    def judge(
        self,
        whole: Parts,
        parts: Parts,
        path: str,
        answer: replaying.Answer,
    ) -> None:
        found = _found(parts)
        missing = _found(whole) - found
        why = path, answer, missing
        self.assertEqual(set(), found - _found(whole), why)
        below = [part for part in whole if _is_at(part.url, path)]
        alone = {pair for pair in missing if pair[0] == url_key(path)}
        self.assertLessEqual(missing, _found(below) | alone, why)
        told = {kind for part in parts if part.error for kind in part.types}
        self.assertLessEqual({kind for _url, kind in missing}, told, why)
        # What comes along in vain is told as a link of no use.
        above = path.rpartition('/')[0]
        self.assertIn(above, ' '.join(_errors(parts)))


class RsdWalkTest(WalkTests, testtools.TestCase):
    mode = 'rsd2.5'


class CompositionWalkTest(WalkTests, testtools.TestCase):
    mode = 'composition'
    systems = 3


class PlainWalkTest(WalkTests, testtools.TestCase):
    mode = 'plain'


def _found(parts: Iterable[hardware.Part]) -> set[tuple[str, str]]:
    return {(url_key(url), kind) for part in parts for url, kind in part.found}


def _errors(parts: Iterable[hardware.Part]) -> list[str]:
    return [part.error for part in parts if part.error is not None]


def _is_at(url: str, path: str) -> bool:
    """Tell whether a url is a path, or below it."""
    return f'{url}/'.startswith(f'{path.rstrip("/")}/')
