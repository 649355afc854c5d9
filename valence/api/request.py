"""A request as controllers see it, and what they answer."""

import contextlib
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from valence.common import exception
from valence.common.context import RequestContext

#: Where the middleware leaves the request for the controllers.
ENVIRON_KEY = 'valence.request'
#: Seconds of the latest deadline: a year.
_LONGEST = 366 * 86400


def read_flag(name: str, given: Mapping[str, str]) -> bool:
    """Read a parameter that is true or false.

    :raises BadRequest: if it is neither.
    """
    value = given.get(name, 'false').lower()
    if value not in ('true', 'false'):
        raise exception.BadRequest(detail=f'{name} must be true or false.')
    return value == 'true'


@dataclass(frozen=True, slots=True)
class Request:
    """:ivar query: of each parameter the last value.

    :ivar json: the body as it was sent; None where there was none.
    :ivar body: the body as its type, where the route has one.
    :ivar url: scheme, host and path, without the query.
    :ivar prefer_wait: seconds of ``Prefer: wait=<seconds>``, else 0.
    :ivar idempotency_key: of the header ``Idempotency-Key``, if there is one.
    """

    ctxt: RequestContext
    query: Mapping[str, str]
    json: Any = None
    body: Any = None
    url: str = ''
    prefer_wait: float = 0
    method: str = 'GET'
    path: str = ''
    idempotency_key: str | None = None

    def flag(self, name: str) -> bool:
        """Read a parameter that is true or false.

        :raises BadRequest: if it is neither.
        """
        return read_flag(name, self.query)

    @property
    def deadline(self) -> float | None:
        """Give the seconds that a task may take, where they are bounded.

        :raises BadRequest: if they are no positive number.
        """
        value = self.query.get('deadline')
        if value is None:
            return None
        seconds = 0.0
        with contextlib.suppress(ValueError):
            seconds = float(value)
        if not 0 < seconds <= _LONGEST:
            raise exception.BadRequest(
                detail='deadline must be a number of seconds, more than 0 '
                f'and at most {_LONGEST}.'
            )
        return seconds

    @property
    def project_id(self) -> str | None:
        """Give the project whose things are seen; None sees all."""
        return None if self.ctxt.is_admin else self.ctxt.project_id or ''


@dataclass(frozen=True, slots=True)
class Answer:
    """:ivar body: anything that is JSON; None sends no body."""

    body: Any
    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
