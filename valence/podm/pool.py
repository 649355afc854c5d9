"""The pod managers that this process is connected to."""

import collections
import importlib.metadata
import logging
import threading
from collections.abc import Callable
from typing import Protocol

import stevedore
import stevedore.exception

from valence.common import exception, http_client, http_health
from valence.objects.pod_manager import PodManager
from valence.podm.base import Connection

LOG = logging.getLogger(__name__)

NAMESPACE = 'valence.podm.driver'


def known_drivers() -> list[str]:
    """Give the names of the drivers that are installed."""
    return sorted(importlib.metadata.entry_points(group=NAMESPACE).names)


class Breaker(Protocol):
    """Knows which pod managers are to be left alone."""

    def admit(self, podm: PodManager) -> None:
        """Make sure that a pod manager may be called.

        :raises PodManagerUnreachable: if it is left alone.
        """

    def health(self, podm: PodManager) -> 'Health':
        """Give what is told how each call ends."""


class Health(http_health.Health, Protocol):
    def seen(self, podm: PodManager) -> None:
        """Hear what the record says now."""


class _Always:
    """Admits all; the breaker where there is none."""

    def admit(self, podm: PodManager) -> None:
        pass

    def health(self, podm: PodManager) -> Health:
        return self

    def seen(self, podm: PodManager) -> None:
        pass

    def answered(self) -> None:
        pass

    def unanswered(self, reason: str) -> None:
        pass


def connect(
    podm: PodManager,
    limits: http_client.Limits,
    health: http_health.Health | None = None,
) -> Connection:
    """Give a new connection, which the caller closes.

    :raises DriverNotFound: if there is no such driver.
    """
    try:
        driver: Callable[
            [PodManager, http_client.Limits, http_health.Health | None],
            Connection,
        ] = stevedore.DriverManager(NAMESPACE, podm.driver).driver
    except stevedore.exception.NoMatches:
        raise exception.DriverNotFound(
            driver=podm.driver, known=', '.join(known_drivers())
        ) from None
    return driver(podm, limits, health)


class Pool:
    """One connection per pod manager, renewed when its record has changed.

    Thread-safe. A connection that was replaced or put out still serves who
    holds it.

    :param breaker: None admits all.
    :param size: connections that are kept; the one that was not asked for
        for the longest time makes room.
    """

    def __init__(
        self,
        limits: http_client.Limits,
        breaker: Breaker | None = None,
        size: int = 1000,
    ) -> None:
        self._limits = limits
        self._breaker: Breaker = breaker or _Always()
        self._size = size
        self._lock = threading.Lock()
        self._connections: collections.OrderedDict[
            str, tuple[Connection, Health]
        ] = collections.OrderedDict()

    def get(self, podm: PodManager, *, probing: bool = False) -> Connection:
        """Give the connection of a pod manager.

        :param podm: the record as it is now.
        :param probing: whether it is called although it did not answer.
        :raises DriverNotFound: if there is no such driver.
        :raises PodManagerUnreachable: if it is left alone for now.
        """
        if not probing:
            self._breaker.admit(podm)
        put_out = []
        with self._lock:
            known = self._connections.get(podm.uuid)
            if known is None or not _same(known[0].podm, podm):
                if known is not None:
                    put_out.append(known[0])
                health = self._breaker.health(podm)
                known = connect(podm, self._limits, health), health
                self._connections[podm.uuid] = known
            self._connections.move_to_end(podm.uuid)
            if len(self._connections) > self._size:
                put_out.append(self._connections.popitem(last=False)[1][0])
        _close(put_out)
        connection, health = known
        health.seen(podm)
        return connection

    def uuids(self) -> set[str]:
        """Give the pod managers that there are connections to."""
        with self._lock:
            return set(self._connections)

    def drop_idle(self, seconds: float) -> None:
        """Drop what nobody has used for so long; who is logged in stays so.

        Else a process that has to do with many pod managers, now and then
        with each, would come to hold as many sockets as it may have files.
        """
        with self._lock:
            known = list(self._connections.values())
        for connection, _health in known:
            connection.drop_idle(seconds)

    def discard(self, uuid: str) -> None:
        """Close the connection of a pod manager, if there is one."""
        with self._lock:
            known = self._connections.pop(uuid, None)
        if known is not None:
            _close([known[0]])

    def close(self) -> None:
        """Close all connections; idempotent."""
        with self._lock:
            known = list(self._connections.values())
            self._connections.clear()
        _close([connection for connection, _health in known])


def _same(one: PodManager, other: PodManager) -> bool:
    def key(podm: PodManager) -> tuple[object, ...]:
        return podm.url, podm.driver, podm.authentication, podm.tls

    return key(one) == key(other)


def _close(connections: list[Connection]) -> None:
    # Outside the lock: it may talk to a pod manager that is slow.
    for connection in connections:
        connection.close()
