"""The message bus as Valence uses it: calls that answer, and doorbells.

A doorbell says only "look": the task is a row of the database. Two buses
implement this: :mod:`valence.common.rpc` (oslo.messaging, between processes)
and :mod:`valence.common.local_bus` (within one process).
"""

import abc
from collections.abc import Callable, Sequence
from typing import Any

from valence.common.context import RequestContext

#: The version of the doorbell's endpoint; history: 1.0 ``look()``.
DOORBELL_VERSION = '1.0'


class Endpoint:
    """Serves the calls of a topic with its public methods.

    Each takes the context and scalars or lists and dicts of them, and answers
    with the same. A subclass names the version of its interface.
    """

    version = '1.0'


class Server(abc.ABC):
    """Endpoints that are listening."""

    @abc.abstractmethod
    def stop(self) -> None:
        """Take no more messages, and let those in hand be answered."""


class Client(abc.ABC):
    """The way to the endpoint of one topic."""

    @abc.abstractmethod
    def call(self, ctxt: RequestContext, method: str, **args: Any) -> Any:
        """Ask, and wait for the answer.

        :raises ValenceError: what the endpoint raised.
        :raises ServiceUnavailable: if nobody answers in time.
        """


class Bus(abc.ABC):
    """Open from construction until :meth:`close`."""

    @abc.abstractmethod
    def client(self, topic: str, version: str) -> Client:
        """Give a client for calls to any server of a topic."""

    @abc.abstractmethod
    def ring(self, topic: str) -> None:
        """Tell every server of a topic to look for tasks.

        May block for some seconds and may raise anything.
        """

    @abc.abstractmethod
    def serve(
        self,
        topic: str,
        host: str,
        endpoint: Endpoint,
        look: Callable[[], None],
    ) -> Server:
        """Start to answer calls and bells on a topic.

        :param look: called at each bell; must return at once.
        """

    @abc.abstractmethod
    def close(self) -> None:
        """Close the connections; idempotent."""


def public_methods(endpoint: Endpoint) -> Sequence[str]:
    """Name what an endpoint answers to."""
    return [
        name
        for name in dir(type(endpoint))
        if not name.startswith('_') and callable(getattr(type(endpoint), name))
    ]
