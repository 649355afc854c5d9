"""The way to a server: its name, the addresses of it, and a connection.

What is connected to is an address that was checked, and nothing is resolved
between the check and the connection. Each new connection is checked anew.
"""

import ipaddress
import socket
import threading
from collections.abc import Sequence
from concurrent import futures
from typing import Any, NamedTuple

from valence.common import (
    exception,
    http_addresses,
    http_deadline,
    http_failure,
)
from valence.common.http_links import Origin


class _Place(NamedTuple):
    family: int
    sockaddr: tuple[Any, ...]


class Route:
    """Connects to one server. Thread-safe.

    :param allowed: networks whose addresses are connected to in any case.
    """

    def __init__(
        self, origin: Origin, allowed: Sequence[http_addresses.Network]
    ) -> None:
        self._origin = origin
        self._allowed = allowed
        self._is_address = http_addresses.literal(origin.host) is not None
        self._lock = threading.Lock()
        self._asked: futures.Future[list[_Place]] | None = None

    def connect(self) -> socket.socket:
        """Open a connection, to the first address that takes it.

        :raises PodManagerAddressRefused: if one of all its addresses, were it
            the last, is not to be connected to.
        :raises Lost: if none takes it.
        :raises TimeoutError: if the deadline is over.
        """
        places = self._places()
        for place in places:
            self._check(place.sockaddr[0])
        errors: list[OSError] = []
        for number, place in enumerate(places):
            try:
                # Each has its share, or a silent one would have it all.
                share = http_deadline.remaining() / (len(places) - number)
                return _connected(place, share)
            except OSError as error:
                errors.append(error)
        if any(isinstance(error, TimeoutError) for error in errors):
            raise TimeoutError
        raise http_failure.Lost(
            http_failure.reason_of(errors[0]), sent=False
        ) from None

    def _check(self, text: str) -> None:
        address = ipaddress.ip_address(text)
        kind = http_addresses.refusal(address, self._allowed)
        if kind is not None:
            raise exception.PodManagerAddressRefused(
                url=str(self._origin),
                host=self._origin.host,
                address=text,
                kind=kind,
                option=http_addresses.OPTION,
            )

    def _places(self) -> list[_Place]:
        """Give the addresses of the server.

        :raises Lost: if there are none.
        """
        try:
            if self._is_address:
                return self._resolve()
            return self._asking().result(http_deadline.remaining())
        except TimeoutError:
            raise
        except OSError as error:
            raise http_failure.Lost(
                http_failure.reason_of(error), sent=False
            ) from None

    def _asking(self) -> 'futures.Future[list[_Place]]':
        """Ask for the addresses on a thread, of which there is one at most.

        getaddrinfo takes as long as it likes: who has no more time leaves
        it, and who comes meanwhile waits for the same answer.
        """
        with self._lock:
            if self._asked is None:
                asked: futures.Future[list[_Place]] = futures.Future()
                threading.Thread(
                    target=self._ask,
                    args=(asked,),
                    name='resolver',
                    daemon=True,
                ).start()
                self._asked = asked
            return self._asked

    def _ask(self, asked: 'futures.Future[list[_Place]]') -> None:
        try:
            found = self._resolve()
        except Exception as error:
            self._end_asking()
            asked.set_exception(error)
        else:
            self._end_asking()
            asked.set_result(found)

    def _end_asking(self) -> None:
        """Have the next one ask anew: an answer holds for the moment."""
        with self._lock:
            self._asked = None

    def _resolve(self) -> list[_Place]:
        host, port = self._origin.host, self._origin.port
        found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        return [_Place(each[0], each[4]) for each in found]


def _connected(place: _Place, timeout: float) -> socket.socket:
    sock = socket.socket(place.family, socket.SOCK_STREAM)
    try:
        sock.settimeout(timeout)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.connect(place.sockaddr)
    except BaseException:
        sock.close()
        raise
    return sock
