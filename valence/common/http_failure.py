"""Why no answer came: the errors below ``requests``, in our own terms."""

import http.client
import ssl
from collections.abc import Iterator

import urllib3.exceptions

from valence.common import exception, http_deadline

_LOST = (ConnectionError, http.client.IncompleteRead)
_IMPROPER = (
    http.client.HTTPException,
    urllib3.exceptions.DecodeError,
    urllib3.exceptions.InvalidHeader,
    ValueError,
)


class Lost(Exception):
    """No connection, or none any more; worth another try of a GET.

    :param sent: whether the request may have arrived.
    """

    def __init__(self, reason: str, *, sent: bool) -> None:
        super().__init__(reason)
        self.sent = sent


def failure(url: str, path: str, error: Exception) -> Exception:
    """Give the error to raise: of Valence, TimeoutError or :class:`Lost`.

    :param url: of the server.
    :param error: what a request, or the reading of its answer, raised.
    """
    causes = list(_causes(error))

    def has(*kinds: type[BaseException]) -> bool:
        return any(isinstance(cause, kinds) for cause in causes)

    if has(urllib3.exceptions.ConnectTimeoutError) and not has(
        urllib3.exceptions.NewConnectionError
    ):
        # Not worth another try: the kernel has made several.
        return exception.PodManagerUnreachable(
            url=url, reason='no connection in time'
        )
    if http_deadline.is_over():
        return TimeoutError()
    if has(urllib3.exceptions.ReadTimeoutError):
        # All other reads are given all the time that is left.
        return exception.PodManagerUnreachable(
            url=url, reason='no TLS in time'
        )
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            return exception.PodManagerUntrusted(
                url=url, reason=cause.verify_message
            )
    reason = _reason(causes)
    if has(ssl.SSLError):
        return exception.PodManagerUnreachable(
            url=url, reason=f'no TLS: {reason}'
        )
    if has(*_IMPROPER) and not has(*_LOST):
        return exception.PodManagerMalformed(
            url=url, path=path, reason='it is not proper HTTP'
        )
    sent = not has(urllib3.exceptions.NewConnectionError)
    return Lost(reason, sent=sent)


def _reason(causes: list[BaseException]) -> str:
    """Give the innermost reason that the operating system had."""
    words = [
        cause.strerror
        for cause in causes
        if isinstance(cause, OSError) and isinstance(cause.strerror, str)
    ]
    return words[-1] if words else 'the connection was lost'


def _causes(error: BaseException) -> Iterator[BaseException]:
    """Yield the errors inside an error, the innermost last."""
    seen: set[int] = set()
    pending: list[object] = [error]
    while pending:
        found = pending.pop()
        if not isinstance(found, BaseException) or id(found) in seen:
            continue
        seen.add(id(found))
        yield found
        pending += [found.__context__, found.__cause__, *found.args]
        pending.append(getattr(found, 'reason', None))
