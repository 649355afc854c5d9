"""What must be true of a call, whatever the pod manager says."""

import dataclasses
import functools
import types
import typing
from collections.abc import Callable, Sequence
from typing import Any

import orjson
import testtools

from tests.functional.podm.mutations import Field, Mistake
from valence.common import exception
from valence.objects import hardware
from valence.objects.resource import MAX_URL_LENGTH, url_key
from valence.podm.redfish.walk import table

#: All that may come of a call, besides its result.
_MEANT = (
    exception.PodManagerError,
    exception.NoMatchingSystem,
    exception.UnsupportedAction,
    exception.UnsupportedValue,
)
#: Bytes of an error that is stored and shown.
_MOST = 1024 * 1024
#: Reasons of which no field is the cause.
_OF_THE_WHOLE = ('it is not a JSON object', 'it has too many ')
#: What begins a reason that is not about what a document holds.
_NOT_MALFORMED = ('answered ', 'no answer ', 'the credentials ')
#: Characters of the error of a part.
_MOST_OF_PART = 550
_TYPES = table.types(table.ROOT)


class Oracle:
    """Judges the calls to one pod manager.

    :param url: of the pod manager.
    :param mistakes: that it makes.
    """

    def __init__(
        self,
        test: testtools.TestCase,
        url: str,
        mistakes: Sequence[Mistake] = (),
    ) -> None:
        self._test = test
        self._url = url
        self._mistakes = mistakes

    def call(
        self, function: Callable[..., Any], *args: Any, **more: Any
    ) -> Any:
        """Call a function; give what it gives, or the error that it raised.

        What is no error of Valence comes through, and fails the test.
        """
        try:
            result = function(*args, **more)
        except exception.ValenceError as error:
            self._judge(error)
            return error
        # It will be shown as JSON.
        orjson.dumps(result)
        self._judge_types(result)
        return result

    def judge_parts(self, parts: Sequence[hardware.Part]) -> None:
        """Judge what a walk has told."""
        test = self._test
        spellings: dict[str, str] = {}
        for part in parts:
            test.assertTrue(part.url.startswith('/redfish'), part.url)
            test.assertLessEqual(part.types, _TYPES)
            test.assertNotEqual(frozenset(), part.types)
            for url, kind in part.found:
                test.assertIn(kind, part.types)
                test.assertLessEqual(len(url), MAX_URL_LENGTH)
                spelt = spellings.setdefault(url_key(url), url)
                test.assertEqual(spelt, url)
            self._judge_types(list(part.sizes))
            orjson.dumps(part.sizes)
            if part.error is not None:
                self._judge_part_error(part.error)

    def _judge_part_error(self, error: str) -> None:
        path, _colon, reason = error.partition(': ')
        self._test.assertTrue(path.startswith('/redfish'), error)
        self._test.assertLess(len(error), _MOST_OF_PART)
        if not reason.startswith(_NOT_MALFORMED):
            self._judge_reason(path, reason)

    def _judge(self, error: exception.ValenceError) -> None:
        test = self._test
        test.assertIsInstance(error, _MEANT)
        test.assertLess(len(orjson.dumps(error.to_dict())), _MOST)
        test.assertLess(len(orjson.dumps(error.kwargs)), _MOST)
        if isinstance(error, exception.PodManagerError):
            test.assertIn(self._url, str(error))
        if isinstance(error, exception.PodManagerMalformed):
            self._judge_malformed(error)

    def _judge_malformed(self, error: exception.PodManagerMalformed) -> None:
        path, reason = error.kwargs['path'], error.kwargs['reason']
        self._test.assertTrue(path.startswith('/redfish'), path)
        self._test.assertIn(path, str(error))
        self._judge_reason(path, reason)

    def _judge_reason(self, path: str, reason: str) -> None:
        """Judge whether the field is named that was wrong."""
        if reason.startswith(_OF_THE_WHOLE) or len(self._mistakes) != 1:
            return
        (mistake,) = self._mistakes
        if isinstance(mistake, Field) and mistake.key == ('GET', path):
            if path.rstrip('/') in str(mistake.value):
                # A link that leads here: it is read as something else.
                return
            names = [each for each in mistake.pointer if each != '@odata.id']
            named = any(str(name) in reason for name in names)
            self._test.assertTrue(named or not names, (reason, mistake))

    def _judge_types(self, result: Any) -> None:
        for each in result if isinstance(result, list) else [result]:
            if not dataclasses.is_dataclass(each):
                continue
            for name, hint in _hints(type(each)).items():
                value = getattr(each, name)
                self._test.assertTrue(_fits(value, hint), (name, value))


@functools.cache
def _hints(kind: type) -> dict[str, Any]:
    return typing.get_type_hints(kind)


def _fits(value: Any, hint: Any) -> bool:
    """Tell whether a value is what its annotation says, as far as plain."""
    if hint == Sequence[str]:
        return all(isinstance(each, str) for each in value)
    if not isinstance(hint, type | types.UnionType):
        return True
    if isinstance(value, bool):
        return isinstance(True, hint) and hint is not int
    return isinstance(value, hint) or (
        isinstance(value, int) and isinstance(0.0, hint)
    )
