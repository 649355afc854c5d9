"""The HTTP client: the one way in which Valence talks to a pod manager.

It distrusts the other side: what it answers is bounded in time and size,
what it links to must be its own, and what it redirects to as well. Each
failure is one of the errors of :mod:`valence.common.exception`, without a
secret in it. Only a GET is ever repeated: whether anything else took effect
before it failed is for the caller to find out.
"""

import contextlib
import contextvars
import functools
import logging
import random
import ssl
import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Protocol

import orjson
import requests
import requests.adapters
import urllib3.exceptions

from valence.common import (
    exception,
    http_answer,
    http_auth,
    http_deadline,
    http_failure,
    http_links,
)

LOG = logging.getLogger(__name__)

MAX_REDIRECTS = 3
MAX_REPEATS = 2

_CHUNK = 65536
_NO_ANSWER = (
    exception.PodManagerConnectionLost,
    exception.PodManagerUnreachable,
)
_CHECK: contextvars.ContextVar[Callable[[], None] | None] = (
    contextvars.ContextVar('check', default=None)
)
_TRY_AGAIN = frozenset({429, 502, 503, 504})


@dataclass(frozen=True, slots=True)
class Limits:
    """What a call may cost.

    :ivar connect_timeout: seconds until a connection must stand.
    :ivar timeout: seconds for a GET in all, with body and repetitions.
    :ivar change_timeout: the same for anything else.
    :ivar max_connections: connections to one server at a time.
    :ivar max_body: bytes of one answer.
    """

    connect_timeout: float = 5
    timeout: float = 30
    change_timeout: float = 120
    max_connections: int = 16
    max_body: int = 16 * 1024 * 1024


class Health(Protocol):
    """Is told how the calls of a client end. Must not raise."""

    def answered(self) -> None:
        """Hear that the server has answered, whatever it said."""

    def unanswered(self, reason: str) -> None:
        """Hear that there was no connection, or no answer in time."""


@contextlib.contextmanager
def each_change_after(check: Callable[[], None]) -> Iterator[None]:
    """Call a function before each request inside that changes something.

    What it raises is raised instead of sending the request.
    """
    token = _CHECK.set(check)
    try:
        yield
    finally:
        _CHECK.reset(token)


class _Adapter(requests.adapters.HTTPAdapter):
    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = http_deadline.POOLS


class HttpClient:
    """One server, with its connections kept alive. Thread-safe.

    :param url: of the server; its path, user and password are not used.
    :param verify: whether the server's certificate is verified, or the path
        of the CA certificates that it is verified by.
    :param under: what each path at the server begins with, in lower case.
    :param health: who wants to know whether the server answers.
    :raises PodManagerUnreachable: if the url is none.
    """

    def __init__(
        self,
        url: str,
        *,
        auth: http_auth.Auth,
        limits: Limits,
        verify: bool | str = True,
        under: str = '/',
        health: Health | None = None,
    ) -> None:
        try:
            self.url = http_links.origin_of(url)
        except ValueError as error:
            raise exception.PodManagerUnreachable(
                url='its record', reason=str(error)
            ) from None
        self.limits = limits
        self._auth = auth
        self._verify = verify
        self._under = under
        self._health = health
        # Not a Session: that would keep cookies and read the environment.
        self._adapter = _Adapter(
            pool_connections=1, pool_maxsize=limits.max_connections
        )
        self._slots = threading.BoundedSemaphore(limits.max_connections)
        self._closed = False

    def get(self, path: str) -> dict[str, Any]:
        """Read a resource.

        :raises PodManagerError:
        """
        answer = self.send('GET', path)
        document = answer.document()
        if not isinstance(document, dict):
            raise self.malformed(path, 'it is not a JSON object')
        return document

    def send(
        self, method: str, path: str, body: object = None
    ) -> http_answer.Answer:
        """Send a request, with credentials, and give a good answer.

        :param path: see :meth:`path_of` for one that the server gave.
        :param body: what to send as JSON; None for no body.
        :raises PodManagerError:
        """
        with self._deadline(method, path):
            try:
                headers = self._auth.headers()
                answer = self.exchange(method, path, body, headers)
                if answer.status in (401, 403) and self._auth.renew(
                    self, headers, answer.status
                ):
                    headers = self._auth.headers()
                    answer = self.exchange(method, path, body, headers)
            finally:
                if self._closed:
                    self._release()
        if 200 <= answer.status < 300:
            return answer
        raise http_answer.refused(self.url, method, answer, self._auth.masked)

    def exchange(
        self,
        method: str,
        path: str,
        body: object = None,
        headers: Mapping[str, str] | None = None,
    ) -> http_answer.Answer:
        """Send a request with just these headers; give any answer.

        A GET is repeated and redirected, anything else never.

        :raises PodManagerError: if there is no answer.
        """
        with self._watched():
            return self._exchange(method, path, body, headers)

    def _exchange(
        self,
        method: str,
        path: str,
        body: object,
        headers: Mapping[str, str] | None,
    ) -> http_answer.Answer:
        with self._deadline(method, path):
            repeat = 0
            while True:
                pause = random.uniform(0.05, 0.2) * 4**repeat  # noqa: S311
                last = method != 'GET' or repeat == MAX_REPEATS
                try:
                    answer = self._redirected(
                        method, path, body, headers or {}
                    )
                    if last or answer.status not in _TRY_AGAIN:
                        return answer
                    pause = answer.retry_after(pause)
                    if pause >= http_deadline.remaining():
                        return answer
                except http_failure.Lost as lost:
                    if last or pause >= http_deadline.remaining():
                        raise self._lost(method, path, lost) from None
                    LOG.debug('%s %s%s: %s', method, self.url, path, lost)
                time.sleep(pause)
                repeat += 1

    def path_of(self, link: object, source: str) -> str:
        """Turn a link of an answer into a path at this server.

        :param source: the path whose answer it was found in.
        :raises PodManagerMalformed: if it must not be followed.
        """
        try:
            return http_links.path_of(link, self.url, self._under)
        except ValueError as error:
            raise self.malformed(source, str(error)) from None

    def malformed(
        self, path: str, reason: str
    ) -> exception.PodManagerMalformed:
        """Give the error for an answer that cannot be used."""
        return exception.PodManagerMalformed(
            url=self.url, path=path, reason=reason
        )

    def close(self) -> None:
        """Log out and drop the connections; idempotent.

        Who still holds the client may go on, but nothing is kept for it.
        """
        self._closed = True
        self._release()

    def _release(self) -> None:
        with http_deadline.within(self.limits.connect_timeout):
            self._auth.close(self)
        self._adapter.close()

    @contextlib.contextmanager
    def _watched(self) -> Iterator[None]:
        """Tell how a call ends to who wants to know.

        A call that was given little time says nothing of the server.
        """
        if self._health is None:
            yield
            return
        started = time.monotonic()

        def had_time() -> bool:
            return time.monotonic() - started >= self.limits.connect_timeout

        try:
            yield
        except _NO_ANSWER as error:
            # The end of the deadline looks like that of the connecting.
            if had_time() or not http_deadline.is_over():
                self._health.unanswered(str(error))
            raise
        except exception.PodManagerTimeout as error:
            if had_time():
                self._health.unanswered(str(error))
            raise
        except exception.PodManagerMalformed:
            self._health.answered()
            raise
        self._health.answered()

    @contextlib.contextmanager
    def _deadline(self, method: str, path: str) -> Iterator[None]:
        reads = method == 'GET'
        limit = self.limits.timeout if reads else self.limits.change_timeout
        with http_deadline.within(limit) as granted:
            try:
                yield
            except TimeoutError:
                raise exception.PodManagerTimeout(
                    url=self.url,
                    method=method,
                    path=path,
                    seconds=f'{round(max(granted, 0), 1):g}',
                ) from None

    def _redirected(
        self,
        method: str,
        path: str,
        body: object,
        headers: Mapping[str, str],
    ) -> http_answer.Answer:
        for _hop in range(MAX_REDIRECTS):
            answer = self._once(method, path, body, headers)
            if method != 'GET' or answer.status not in http_answer.REDIRECTS:
                return answer
            try:
                path = http_links.path_of(
                    answer.headers.get('Location'), self.url, self._under
                )
            except ValueError:
                return answer
        return self._once(method, path, body, headers)

    def _once(
        self,
        method: str,
        path: str,
        body: object,
        headers: Mapping[str, str],
    ) -> http_answer.Answer:
        started = time.monotonic()
        if not self._slots.acquire(timeout=http_deadline.remaining()):
            raise TimeoutError
        try:
            request = _request(method, self.url + path, body, headers)
            left = http_deadline.remaining()
            _check_before(method)
            response = self._adapter.send(
                request,
                stream=True,
                timeout=(min(self.limits.connect_timeout, left), left),
                verify=self._trust,
            )
            with contextlib.closing(response):
                content = self._content(path, response)
        except (
            requests.RequestException,
            urllib3.exceptions.HTTPError,
            OSError,
        ) as error:
            raise http_failure.failure(self.url, path, error) from None
        finally:
            self._slots.release()
        LOG.debug(
            '%s %s%s: %s, %d bytes, %.0f ms',
            method,
            self.url,
            path,
            response.status_code,
            len(content),
            (time.monotonic() - started) * 1000,
        )
        return http_answer.Answer(
            response.status_code, path, response.headers, content
        )

    def _content(self, path: str, response: requests.Response) -> bytes:
        content = bytearray()
        for chunk in response.iter_content(_CHUNK):
            content += chunk
            if len(content) > self.limits.max_body:
                raise self.malformed(
                    path, f'it has more than {self.limits.max_body} bytes'
                )
        return bytes(content)

    @functools.cached_property
    def _trust(self) -> bool | str:
        if isinstance(self._verify, str):
            try:
                ssl.create_default_context(cafile=self._verify)
            except OSError as error:
                raise exception.PodManagerUntrusted(
                    url=self.url,
                    reason=f'the CA certificates of its record cannot be '
                    f'read: {error.strerror}',
                ) from None
        return self._verify

    def _lost(
        self, method: str, path: str, lost: http_failure.Lost
    ) -> exception.PodManagerError:
        if lost.sent and method != 'GET':
            return exception.PodManagerConnectionLost(
                url=self.url, method=method, path=path, reason=str(lost)
            )
        return exception.PodManagerUnreachable(url=self.url, reason=str(lost))


def _check_before(method: str) -> None:
    check = _CHECK.get()
    if method != 'GET' and check is not None:
        check()


def _request(
    method: str, url: str, body: object, headers: Mapping[str, str]
) -> requests.PreparedRequest:
    sent = {
        'Accept': 'application/json',
        'Accept-Encoding': 'identity',
        'User-Agent': 'valence',
        **headers,
    }
    content = None
    if body is not None:
        sent['Content-Type'] = 'application/json'
        content = orjson.dumps(body)
    return requests.Request(method, url, headers=sent, data=content).prepare()
