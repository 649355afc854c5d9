"""How a handler's turn on a task ends, when it does not raise."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from valence.db.api import Tables


@dataclass(frozen=True, slots=True)
class Completed:
    """The task is done.

    :ivar also: writes what became of the resource, in the transaction that
        ends the task; it may run twice.
    """

    message: str
    result: Mapping[str, Any] = field(default_factory=dict)
    also: Callable[[Tables], object] | None = None


@dataclass(frozen=True, slots=True)
class Wait:
    """Nothing to do before the next look; no thread is held meanwhile.

    :ivar delay: seconds.
    """

    delay: float


@dataclass(frozen=True, slots=True)
class HandOver:
    """Other workers go on.

    :ivar short: whether that is soon done; see NewTask.
    :ivar also: as of :class:`Completed`.
    """

    topic: str
    short: bool = False
    podm_id: str | None = None
    also: Callable[[Tables], object] | None = None


Outcome = Completed | Wait | HandOver
