"""Who wants to know whether a server answers is told how each call ends."""

import contextlib
import time
from collections.abc import Iterator
from typing import Protocol

from valence.common import exception, http_deadline

_NO_ANSWER = (
    exception.PodManagerConnectionLost,
    exception.PodManagerUnreachable,
)


class Health(Protocol):
    """Is told how the calls of a client end. Must not raise."""

    def answered(self) -> None:
        """Hear that the server has answered, whatever it said."""

    def unanswered(self, reason: str) -> None:
        """Hear that there was no connection, or no answer in time."""


@contextlib.contextmanager
def watched(health: Health | None, least: float) -> Iterator[None]:
    """Tell how a call ends to who wants to know.

    A call that was given little time says nothing of the server.

    :param least: seconds that a server must have had to be judged.
    """
    if health is None:
        yield
        return
    started = time.monotonic()

    def had_time() -> bool:
        return time.monotonic() - started >= least

    try:
        yield
    except _NO_ANSWER as error:
        # The end of the deadline looks like that of the connecting.
        if had_time() or not http_deadline.is_over():
            health.unanswered(str(error))
        raise
    except exception.PodManagerTimeout as error:
        if had_time():
            health.unanswered(str(error))
        raise
    except exception.PodManagerMalformed:
        health.answered()
        raise
    health.answered()
