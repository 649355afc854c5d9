"""The HTTP client: the one way in which Valence talks to a pod manager.

It distrusts the other side: what it answers is bounded in time and size,
what it links to must be its own, what it redirects to as well, and where its
name leads must be a place for pod managers. Each failure is one of the errors
of :mod:`valence.common.exception`, without a secret in it. Only a GET is ever
repeated: whether anything else took effect before it failed is for the caller
to find out.
"""

import contextlib
import contextvars
import dataclasses
from collections.abc import Callable, Iterator, Mapping
from typing import Any

import orjson

from valence.common import (
    exception,
    http_addresses,
    http_answer,
    http_auth,
    http_cache,
    http_connection,
    http_deadline,
    http_exchange,
    http_health,
    http_links,
    http_route,
    http_stream,
    http_tls,
)

#: The media type of server-sent events.
_EVENTS = 'text/event-stream'
_ALWAYS = {'Accept': 'application/json', 'User-Agent': 'valence'}
_CHECK: contextvars.ContextVar[Callable[[], None] | None] = (
    contextvars.ContextVar('check', default=None)
)


@dataclasses.dataclass(frozen=True, slots=True)
class Limits:
    """What a call may cost.

    :ivar connect_timeout: seconds until a connection must stand.
    :ivar timeout: seconds for a GET in all, with body and repetitions.
    :ivar change_timeout: the same for anything else.
    :ivar max_connections: connections to one server at a time.
    :ivar max_body: bytes of one answer.
    :ivar allowed_networks: that may be connected to in any case.
    :ivar documents: where what was read is kept; None keeps nothing.
    """

    connect_timeout: float = 5
    timeout: float = 30
    change_timeout: float = 120
    max_connections: int = 16
    max_body: int = 16 * 1024 * 1024
    allowed_networks: tuple[http_addresses.Network, ...] = ()
    documents: http_cache.Documents | None = None


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


class HttpClient:
    """One server, with its connections kept alive. Thread-safe.

    :param url: of the server; its path, user and password are not used.
    :param trust: what the server's certificate has to be.
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
        trust: http_tls.Trust = http_tls.SYSTEM,
        under: str = '/',
        health: http_health.Health | None = None,
    ) -> None:
        try:
            origin = http_links.read_origin(url)
        except ValueError as error:
            raise exception.PodManagerUnreachable(
                url='its record', reason=str(error)
            ) from None
        self.url = str(origin)
        self.limits = limits
        self._auth = auth
        self._under = under
        self._health = health
        self._connections = http_connection.Connections(
            origin,
            http_route.Route(origin, limits.allowed_networks),
            trust,
            timeout=limits.connect_timeout,
            most=limits.max_connections,
            max_body=limits.max_body,
        )
        self._exchanges = http_exchange.Exchanges(
            self._connections,
            url=self.url,
            under=under,
            before=_check_before,
        )
        self._memory = http_cache.Memory(limits.documents, self.url)
        self._closed = False

    def get(self, path: str) -> dict[str, Any]:
        """Read a resource.

        :raises PodManagerError:
        """
        known = self._memory.recall(path)
        if known is None:
            return self.document(path, self.send('GET', path))
        answer = known.answer(
            self._answer('GET', path, None, known.condition())
        )
        document = self.document(path, self._good('GET', answer))
        known.learn(answer)
        return document

    def send(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        if_match: str | None = None,
    ) -> http_answer.Answer:
        """Send a request, with credentials, and give a good answer.

        :param path: see :meth:`path_of` for one that the server gave.
        :param body: what to send as JSON; None for no body.
        :param if_match: the ETag that the resource must have still.
        :raises PodManagerError:
        """
        more = {} if if_match is None else {'If-Match': if_match}
        return self._good(method, self._answer(method, path, body, more))

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
        sent = {**_ALWAYS, **(headers or {})}
        content = None
        if body is not None:
            sent['Content-Type'] = 'application/json'
            content = orjson.dumps(body)
        request = http_connection.Request(method, path, sent, content)
        watched = http_health.watched(
            self._health, self.limits.connect_timeout
        )
        with watched, self._deadline(method, path):
            try:
                return self._exchanges.exchange(request)
            finally:
                if method != 'GET':
                    self._memory.forget()

    def stream(
        self, path: str, headers: Mapping[str, str], *, idle: float
    ) -> http_stream.Stream:
        """Begin to read server-sent events, with credentials.

        The deadline is for the beginning; no other call waits for the rest.

        :param idle: see :class:`~valence.common.http_stream.Stream`.
        :raises PodManagerError:
        """
        with self._deadline('GET', path):
            shown = self._auth.headers()
            begun = self._begin(path, {**headers, **shown}, idle)
            if (
                isinstance(begun, http_answer.Answer)
                and begun.status in (401, 403)
                and self._auth.renew(self, shown, begun.status)
            ):
                shown = self._auth.headers()
                begun = self._begin(path, {**headers, **shown}, idle)
        if isinstance(begun, http_answer.Answer):
            raise self.refused('GET', begun)
        if begun.kind != _EVENTS:
            begun.close()
            raise self.malformed(path, 'it is no stream of events')
        return begun

    def _begin(
        self, path: str, headers: Mapping[str, str], idle: float
    ) -> http_answer.Answer | http_stream.Stream:
        sent = {**_ALWAYS, 'Accept': _EVENTS, **headers}
        request = http_connection.Request('GET', path, sent)
        with http_health.watched(self._health, self.limits.connect_timeout):
            return self._exchanges.begin(request, idle=idle)

    def _answer(
        self, method: str, path: str, body: object, more: Mapping[str, str]
    ) -> http_answer.Answer:
        """Send a request with credentials; give any answer."""
        with self._deadline(method, path):
            try:
                shown = self._auth.headers()
                answer = self.exchange(method, path, body, {**shown, **more})
                if answer.status in (401, 403) and self._auth.renew(
                    self, shown, answer.status
                ):
                    shown = self._auth.headers()
                    answer = self.exchange(
                        method, path, body, {**shown, **more}
                    )
                return answer
            finally:
                if self._closed:
                    self._release()

    def _good(
        self, method: str, answer: http_answer.Answer
    ) -> http_answer.Answer:
        if 200 <= answer.status < 300:
            return answer
        raise self.refused(method, answer)

    def document(
        self, path: str, answer: http_answer.Answer
    ) -> dict[str, Any]:
        """Give the JSON object of an answer.

        :raises PodManagerMalformed: if it is none.
        """
        document = answer.document()
        if not isinstance(document, dict):
            raise self.malformed(
                path, 'it is not a JSON object, or nested too deep'
            )
        return document

    def path_of(self, link: object, source: str) -> str:
        """Turn a link of an answer into a path at this server.

        :param source: the path whose answer it was found in.
        :raises PodManagerMalformed: if it must not be followed.
        """
        try:
            return http_links.path_of(link, self.url, self._under)
        except ValueError as error:
            raise self.malformed(source, str(error)) from None

    def refused(
        self, method: str, answer: http_answer.Answer
    ) -> exception.PodManagerError:
        """Give the error for an answer that says no."""
        return http_answer.refused(self.url, method, answer, self._auth.masked)

    def malformed(
        self, path: str, reason: str
    ) -> exception.PodManagerMalformed:
        """Give the error for an answer that cannot be used."""
        return exception.PodManagerMalformed(
            url=self.url, path=path, reason=reason
        )

    def drop_idle(self, seconds: float) -> None:
        """Drop the connections that nobody has used for so long."""
        self._connections.drop_idle(seconds)

    def close(self) -> None:
        """Log out and drop the connections; idempotent.

        Who still holds the client may go on, but nothing is kept for it.
        """
        self._closed = True
        self._release()

    def _release(self) -> None:
        with http_deadline.within(self.limits.connect_timeout):
            self._auth.close(self)
        self._connections.close()

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


def _check_before() -> None:
    check = _CHECK.get()
    if check is not None:
        check()
