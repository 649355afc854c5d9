"""A request that may be sent again, and what was answered to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class IdempotencyKey:
    """One row of ``idempotency_keys``.

    :ivar digest: of the project and the key that the client sent.
    :ivar fingerprint: of the request: two requests with one key are the same
        if theirs are.
    :ivar answer: the body that was answered first.
    """

    digest: str
    fingerprint: str
    task_uuid: str
    answer: Mapping[str, Any]
