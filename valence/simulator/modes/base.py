"""What a mode is.

``parse`` checks the value that a test sets, ``before`` sees each request
ahead of its handler and may answer in its place, ``after`` sees each
answer.  A mode that changes what something else does has neither; that
other looks at its value.
"""

import typing

from valence.simulator import exchange


class Disconnect(Exception):
    """Close the connection without an answer.

    :param reset: abort it, so that the client sees a reset and no end.
    """

    def __init__(self, *, reset: bool = False) -> None:
        super().__init__()
        self.reset = reset


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
