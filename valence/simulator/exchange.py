"""What handlers take and give: one request and one answer.

Handlers know these two and not the HTTP library, and they never wait:
the pipeline has read the body before and sends the answer after.
"""

import dataclasses
import typing

import orjson

from valence.simulator import errors

if typing.TYPE_CHECKING:
    from collections.abc import Mapping

    from valence.simulator import pod as pods

Json = dict[str, typing.Any]


@dataclasses.dataclass(slots=True)
class Call:
    """A request to one pod."""

    pod: 'pods.Pod'
    method: str
    path: str
    query: str
    headers: 'Mapping[str, str]'
    body: bytes = b''

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
    """An answer; ``document`` becomes JSON, ``body`` is sent as it is."""

    status: int = 200
    document: typing.Any = None
    headers: dict[str, str] = dataclasses.field(default_factory=dict)
    body: bytes = b''

    def content(self) -> bytes:
        """Return the bytes to send."""
        if self.document is None:
            return self.body
        return orjson.dumps(self.document)


NO_CONTENT = 204


def no_content() -> Reply:
    """Return the answer of an action that has nothing to tell."""
    return Reply(NO_CONTENT)
