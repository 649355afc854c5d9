"""What handlers take and give: one request and one answer.

Handlers know these two and not the HTTP library, and they never wait:
the pipeline has read the body before and sends the answer after.
"""

import dataclasses
import email.utils
import math
import time
import typing

import orjson

from valence.simulator import errors

if typing.TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from valence.simulator import pod as pods
    from valence.simulator import routing

Json = dict[str, typing.Any]

_CHANGING = frozenset({'POST', 'PATCH', 'PUT', 'DELETE'})
_SESSIONS = '/redfish/v1/SessionService'


@dataclasses.dataclass(slots=True)
class Call:
    """A request to one pod; ``acted`` once its handler was called.

    ``scheme`` and ``router`` are those by which the pod is served.
    """

    pod: 'pods.Pod'
    method: str
    path: str
    query: str
    headers: 'Mapping[str, str]'
    router: 'routing.Router'
    scheme: str = 'http'
    body: bytes = b''
    acted: bool = False

    @property
    def is_session(self) -> bool:
        """Whether it is about sessions, which few modes touch."""
        return self.path.startswith(_SESSIONS)

    @property
    def changes(self) -> bool:
        """Whether it asks to change something beside sessions."""
        return self.method in _CHANGING and not self.is_session

    def json(self) -> Json:
        """Return the body, which must be an object.

        :raises RedfishError: 400, when it is anything else
        """
        try:
            value = orjson.loads(self.body)
        except orjson.JSONDecodeError as exc:
            raise errors.invalid_payload(
                f'Request payload is not valid JSON: {exc}'
            ) from exc
        if not isinstance(value, dict):
            raise errors.invalid_payload('Request payload is not an object.')
        return value


@dataclasses.dataclass(slots=True)
class Reply:
    """An answer; ``document`` becomes JSON, ``body`` is sent as it is.

    ``sending`` names an unusual way to send it, of the responses; of that
    of a stream ``pieces`` are what is sent.
    """

    status: int = 200
    document: typing.Any = None
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: bytes = b''
    sending: str = ''
    pieces: 'AsyncIterator[bytes] | None' = None

    def content(self) -> bytes:
        """Return the bytes to send."""
        if self.document is None:
            return self.body
        return orjson.dumps(self.document)


NO_CONTENT = 204


def refusal(error: errors.RedfishError) -> Reply:
    """Return the answer that an error makes."""
    return Reply(error.status, error.document(), error.headers)


def retry_after(form: int | str | None) -> dict[str, str]:
    """Return the header that asks to come back later.

    :param form: seconds, or ``date`` for a date soon; None for no header
    """
    if form is None:
        return {}
    if form == 'date':
        # Whole seconds are all that it has: this is ahead by one at least.
        soon = math.ceil(time.time()) + 1
        form = email.utils.formatdate(soon, usegmt=True)
    return {'Retry-After': str(form)}


def no_content() -> Reply:
    """Return the answer of an action that has nothing to tell."""
    return Reply(NO_CONTENT)
