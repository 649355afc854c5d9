"""Ways a pod can misbehave, switched on and off by tests.

A mode is one small class: ``parse`` checks the value that a test sets,
``before`` sees each request ahead of its handler and may answer in its
place, ``after`` sees each answer.  A mode that changes what a handler
does has neither; the handler looks at its value.  Add a class, decorate
it with ``mode``, and it can be set.
"""

import asyncio
import typing
from collections.abc import Mapping

from valence.simulator import errors, exchange


class Disconnect(Exception):
    """Close the connection without an answer."""


class Mode:
    """The base of all modes, which does nothing."""

    name: typing.ClassVar[str]

    def __init__(self, value: typing.Any) -> None:
        self.value = self.parse(value)

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the value to keep.

        :raises ValueError: with a sentence on what it must be
        """
        if value is not True:
            raise ValueError(f'{self.name} must be true or false.')
        return value

    async def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Return an answer to give in place of the handler's, or None."""

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Return the answer to send."""
        return reply


# In the order in which they see a request.
MODES: dict[str, type[Mode]] = {}


def mode(cls: type[Mode]) -> type[Mode]:
    """Make a mode known by its name."""
    MODES[cls.name] = cls
    return cls


def parse_all(values: Mapping[str, typing.Any]) -> dict[str, Mode | None]:
    """Return a mode for each value; None where the mode is to be cleared.

    :raises ValueError: for a mode there is not, or a value it cannot have
    """
    parsed: dict[str, Mode | None] = {}
    for name, value in values.items():
        if name not in MODES:
            known = ', '.join(MODES)
            raise ValueError(f'There is no mode {name}; there are: {known}.')
        clear = value is None or value is False
        parsed[name] = None if clear else MODES[name](value)
    return parsed


def _milliseconds(name: str, value: typing.Any) -> typing.Any:
    number = isinstance(value, int | float) and not isinstance(value, bool)
    if not number or value < 0:
        raise ValueError(f'{name} must be a number of milliseconds.')
    return value


@mode
class Away(Mode):
    """Nobody answers: each connection is closed when a request arrives."""

    name = 'away'

    async def before(self, call: exchange.Call) -> None:
        """Close the connection."""
        raise Disconnect


@mode
class Hang(Mode):
    """Requests are accepted and never answered, nor acted upon."""

    name = 'hang'

    async def before(self, call: exchange.Call) -> None:
        """Wait for the client, or the simulator, to give up."""
        await asyncio.get_running_loop().create_future()


@mode
class Status(Mode):
    """Each request is answered with this status and not acted upon."""

    name = 'status'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the status, from 200 to 599."""
        if type(value) is not int or not 200 <= value <= 599:
            raise ValueError('status must be an HTTP status code.')
        return value

    async def before(self, call: exchange.Call) -> exchange.Reply:
        """Answer with an error body, as an error of the pod manager."""
        document = errors.unknown_exception(self.value).document()
        return exchange.Reply(self.value, document)


@mode
class Assembly(Mode):
    """``fail``: assembling ends in Failed.  The assembly looks at it."""

    name = 'assembly'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the word."""
        if value != 'fail':
            raise ValueError('assembly must be "fail" or null.')
        return value


@mode
class AssemblyTime(Mode):
    """How long assembling takes.  The assembly looks at it."""

    name = 'assembly_ms'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the number."""
        return _milliseconds(self.name, value)


@mode
class Latency(Mode):
    """How long each answer waits, after what it tells has happened."""

    name = 'latency_ms'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the number."""
        return _milliseconds(self.name, value)

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Wait, without keeping others waiting."""
        if self.value:
            await asyncio.sleep(self.value / 1000)
        return reply
