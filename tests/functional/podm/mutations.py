"""Mistakes that a pod manager can make, for hypothesis to choose from.

An example is a list of mistakes, each a field of a document, or an answer as
a whole. All are data, simplest first, so that they shrink to what matters.
"""

import dataclasses
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import Any, TypeVar

from tests.functional.podm import junk
from tests.functional.podm.recorded import Key
from tests.functional.podm.replaying import Answer

#: A way into a document: names and numbers.
Pointer = tuple[str | int, ...]
Answers = dict[Key, Answer]

_Option = TypeVar('_Option')


@dataclasses.dataclass(frozen=True)
class Field:
    """A field with another value."""

    key: Key
    pointer: Pointer
    value: Any

    def apply(self, answers: Answers) -> None:
        answer = answers[self.key]
        document = _put(answer.document, self.pointer, self.value)
        answers[self.key] = dataclasses.replace(answer, document=document)


@dataclasses.dataclass(frozen=True)
class Whole:
    """An answer that is another one."""

    key: Key
    status: int | None = None
    headers: tuple[tuple[str, str], ...] = ()
    body: bytes | str | None = None
    wire: bytes | None = None

    def apply(self, answers: Answers) -> None:
        answer = answers[self.key]
        body = self.body
        if isinstance(body, str):
            body = junk.BODIES[body](answer.content())
        changes = {'status': self.status, 'body': body, 'wire': self.wire}
        answers[self.key] = dataclasses.replace(
            answer,
            headers={**answer.headers, **dict(self.headers)},
            **{key: each for key, each in changes.items() if each is not None},
        )


Mistake = Field | Whole


def change(mistakes: Iterable[Mistake]) -> Callable[[Answers], None]:
    """Give what makes mistakes in the answers of a world."""

    def apply(answers: Answers) -> None:
        for mistake in mistakes:
            mistake.apply(answers)

    return apply


def _get(value: Any, pointer: Pointer) -> Any:
    """Give what is at the end of a way into a document; None for nothing."""
    for name in pointer:
        if isinstance(value, list) and isinstance(name, int):
            value = value[name]
        else:
            value = value.get(name) if isinstance(value, dict) else None
    return value


def _put(value: Any, pointer: Pointer, new: Any) -> Any:
    """Give a document with another value, so far as there is a way to it."""
    if not pointer:
        return new if new is not junk.GONE else None
    name, *rest = pointer
    if isinstance(value, list) and isinstance(name, int) and name < len(value):
        replaced = _put(value[name], tuple(rest), new)
        return [*value[:name], replaced, *value[name + 1 :]]
    if not isinstance(value, dict) or isinstance(name, int):
        return value
    others = {key: each for key, each in value.items() if key != name}
    if not rest and new is junk.GONE:
        return others
    return {**others, name: _put(value.get(name), tuple(rest), new)}


def pointers(document: Any, way: Pointer = ()) -> Iterator[Pointer]:
    """Yield the way to each value in a document, and to itself."""
    yield way
    pairs: Iterable[tuple[str | int, Any]] = ()
    if isinstance(document, dict):
        pairs = document.items()
    elif isinstance(document, list):
        pairs = enumerate(document)
    for name, each in pairs:
        yield from pointers(each, (*way, name))


class Dice:
    """Chooses by the bytes of a single draw, the first where there are none.

    Hypothesis builds five of six examples by repeating what it drew for the
    one before. Where all is one draw, there is nothing to be repeated, and
    each example is new; and of zeros, to which it shrinks, is the simplest.
    """

    BYTES = 128
    _EACH = 3

    def __init__(self, drawn: bytes) -> None:
        self._left = drawn

    def choose(self, options: Sequence[_Option]) -> _Option:
        """Give one of the options, the first of which is the simplest."""
        taken, self._left = self._left[: self._EACH], self._left[self._EACH :]
        return options[int.from_bytes(taken, 'big') % len(options)]


class Mistakes:
    """Mistakes in some of the answers.

    :param keys: of those answers.
    :param paths: of documents that a link can be made to lead to.
    """

    def __init__(
        self,
        answers: Mapping[Key, Answer],
        keys: Iterable[Key],
        paths: Sequence[str],
        *,
        statuses: Sequence[int] = junk.STATUSES,
        wires: Sequence[bytes] = junk.WIRES,
    ) -> None:
        self._answers = {key: each.document for key, each in answers.items()}
        self._keys = sorted(set(keys) & answers.keys())
        self._pointers = {
            key: [
                *pointers(answers[key].document),
                *((n,) for n in junk.NAMES),
            ]
            for key in self._keys
        }
        self._links = [junk.link(path) for path in paths]
        self._paths = paths
        self._statuses = statuses
        self._wires = wires

    def some(self, dice: Dice) -> list[Mistake]:
        """Give mistakes, mostly few: one hides another."""
        count = dice.choose((1, 1, 1, 1, 2, 2, 3, 4))
        return [self._one(dice) for _number in range(count)]

    def _one(self, dice: Dice) -> Mistake:
        key = dice.choose(self._keys)
        kind = dice.choose(
            (*[self._field] * 5, self._status, self._body, self._all)
        )
        if self._wires:
            kind = dice.choose((*[kind] * 15, self._wire))
        return kind(dice, key)

    def _field(self, dice: Dice, key: Key) -> Mistake:
        pointer = dice.choose(self._pointers[key])
        alike = junk.ALIKE.get(
            type(_get(self._answers[key], pointer)), junk.VALUES
        )
        choices = dice.choose(
            (junk.VALUES, alike, alike, self._links, self._paths)
        )
        value = dice.choose(choices)
        if choices is self._links:
            value = dice.choose((value, [value], [value] * 2))
        return Field(key, pointer, value)

    def _status(self, dice: Dice, key: Key) -> Mistake:
        return Whole(key, dice.choose(self._statuses))

    def _body(self, dice: Dice, key: Key) -> Mistake:
        return Whole(key, body=dice.choose([*junk.BODIES, *junk.TEXTS]))

    def _all(self, dice: Dice, key: Key) -> Mistake:
        status = dice.choose((200, *self._statuses))
        body = dice.choose([None, None, *junk.BODIES, *junk.TEXTS])
        return Whole(key, status, (dice.choose(junk.HEADERS),), body)

    def _wire(self, dice: Dice, key: Key) -> Mistake:
        return Whole(key, wire=dice.choose(self._wires))
