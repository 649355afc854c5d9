"""Why no answer came: the errors of sockets and HTTP, in our own terms."""

import http.client

from valence.common import exception, http_deadline

_LOST = (ConnectionError, http.client.IncompleteRead)
_IMPROPER = (http.client.HTTPException, ValueError)


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
    :param error: what the sending of a request, or the reading of its
        answer, raised. (That no connection stands is told elsewhere.)
    """
    if isinstance(error, TimeoutError) or http_deadline.is_over():
        return TimeoutError()
    # What TLS raises is an OSError and, some of it, a ValueError.
    improper = isinstance(error, _IMPROPER) and not isinstance(error, OSError)
    if improper and not isinstance(error, _LOST):
        return exception.PodManagerMalformed(
            url=url, path=path, reason='it is not proper HTTP'
        )
    return Lost(reason_of(error), sent=True)


def reason_of(error: Exception) -> str:
    """Give the reason that the operating system, or OpenSSL, had."""
    words = error.strerror if isinstance(error, OSError) else None
    return words or 'the connection was lost'
