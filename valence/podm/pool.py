"""The pod managers that this process is connected to."""

import collections
import importlib.metadata
import logging
import threading
from collections.abc import Callable

import stevedore
import stevedore.exception

from valence.common import exception, http_client
from valence.objects.pod_manager import PodManager
from valence.podm.base import Connection

LOG = logging.getLogger(__name__)

NAMESPACE = 'valence.podm.driver'


def known_drivers() -> list[str]:
    """Give the names of the drivers that are installed."""
    return sorted(importlib.metadata.entry_points(group=NAMESPACE).names)


def connect(podm: PodManager, limits: http_client.Limits) -> Connection:
    """Give a new connection, which the caller closes.

    :raises DriverNotFound: if there is no such driver.
    """
    try:
        driver: Callable[[PodManager, http_client.Limits], Connection] = (
            stevedore.DriverManager(NAMESPACE, podm.driver).driver
        )
    except stevedore.exception.NoMatches:
        raise exception.DriverNotFound(
            driver=podm.driver, known=', '.join(known_drivers())
        ) from None
    return driver(podm, limits)


class Pool:
    """One connection per pod manager, renewed when its record has changed.

    Thread-safe. A connection that was replaced or put out still serves who
    holds it.

    :param size: connections that are kept; the one that was not asked for
        for the longest time makes room.
    """

    def __init__(self, limits: http_client.Limits, size: int = 1000) -> None:
        self._limits = limits
        self._size = size
        self._lock = threading.Lock()
        self._connections: collections.OrderedDict[str, Connection] = (
            collections.OrderedDict()
        )

    def get(self, podm: PodManager) -> Connection:
        """Give the connection of a pod manager.

        :raises DriverNotFound: if there is no such driver.
        """
        put_out = []
        with self._lock:
            connection = self._connections.get(podm.uuid)
            if connection is None or not _same(connection.podm, podm):
                if connection is not None:
                    put_out.append(connection)
                connection = connect(podm, self._limits)
                self._connections[podm.uuid] = connection
            self._connections.move_to_end(podm.uuid)
            if len(self._connections) > self._size:
                put_out.append(self._connections.popitem(last=False)[1])
        _close(put_out)
        return connection

    def discard(self, uuid: str) -> None:
        """Close the connection of a pod manager, if there is one."""
        with self._lock:
            connection = self._connections.pop(uuid, None)
        if connection is not None:
            _close([connection])

    def close(self) -> None:
        """Close all connections; idempotent."""
        with self._lock:
            connections = list(self._connections.values())
            self._connections.clear()
        _close(connections)


def _same(one: PodManager, other: PodManager) -> bool:
    def key(podm: PodManager) -> tuple[object, ...]:
        return podm.url, podm.driver, podm.authentication, podm.tls

    return key(one) == key(other)


def _close(connections: list[Connection]) -> None:
    # Outside the lock: it may talk to a pod manager that is slow.
    for connection in connections:
        connection.close()
