"""A request, and all that it takes to get an answer to it.

A GET is made again where that promises something, and follows the redirects
of its server. Anything else is sent once: what it has done nobody knows.
"""

import dataclasses
import logging
import time
from collections.abc import Callable

from valence.common import (
    exception,
    http_answer,
    http_connection,
    http_failure,
    http_links,
    http_retry,
    http_stream,
)
from valence.common.http_connection import Request

LOG = logging.getLogger(__name__)

MAX_REDIRECTS = 3
MAX_REPEATS = 2


class Exchanges:
    """What is exchanged with one server. Thread-safe.

    :param url: of the server.
    :param under: what the path of a redirect must begin with.
    :param before: called before each request that changes something is sent;
        what it raises is raised instead.
    """

    def __init__(
        self,
        connections: http_connection.Connections,
        *,
        url: str,
        under: str,
        before: Callable[[], None],
    ) -> None:
        self._connections = connections
        self._url = url
        self._under = under
        self._before = before

    def exchange(self, request: Request) -> http_answer.Answer:
        """Send a request, and give the answer, whatever it says.

        :raises PodManagerError: if there is none.
        :raises TimeoutError: if the deadline is over.
        """
        method = request.method
        try:
            if method != 'GET':
                return self._once(request, self._before)
            return http_retry.repeated(
                lambda: self._redirected(request), most=MAX_REPEATS
            )
        except http_failure.Lost as lost:
            if lost.sent and method != 'GET':
                raise exception.PodManagerConnectionLost(
                    url=self._url,
                    method=method,
                    path=request.path,
                    reason=str(lost),
                ) from None
            raise exception.PodManagerUnreachable(
                url=self._url, reason=str(lost)
            ) from None

    def begin(
        self, request: Request, *, idle: float
    ) -> http_answer.Answer | http_stream.Stream:
        """Send a GET once, as :meth:`exchange`; a good answer goes on."""
        try:
            return self._connections.begin(request, idle=idle)
        except http_failure.Lost as lost:
            raise exception.PodManagerUnreachable(
                url=self._url, reason=str(lost)
            ) from None

    def _redirected(self, request: Request) -> http_answer.Answer:
        for _hop in range(MAX_REDIRECTS):
            answer = self._once(request)
            if answer.status not in http_answer.REDIRECTS:
                return answer
            try:
                path = http_links.path_of(
                    answer.headers.get('Location'), self._url, self._under
                )
            except ValueError:
                return answer
            request = dataclasses.replace(request, path=path)
        return self._once(request)

    def _once(
        self, request: Request, before: Callable[[], None] = lambda: None
    ) -> http_answer.Answer:
        started = time.monotonic()
        answer = self._connections.exchange(request, before)
        LOG.debug(
            '%s %s%s: %s, %d bytes, %.0f ms',
            request.method,
            self._url,
            request.path,
            answer.status,
            len(answer.body),
            (time.monotonic() - started) * 1000,
        )
        return answer
