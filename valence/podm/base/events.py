"""The capability to tell of changes, without being asked each time."""

import abc
from collections.abc import Iterator

from valence.objects import event


class EventStream(abc.ABC):
    """Events as they come. To be read by one thread, and read once."""

    @abc.abstractmethod
    def __iter__(self) -> Iterator[event.Told]:
        """Yield until it ends: there, by :meth:`close`, or in silence.

        :raises PodManagerError: if it breaks off, or is no proper stream.
        """

    @abc.abstractmethod
    def close(self) -> None:
        """Have it end at once; idempotent, from any thread."""


class Events(abc.ABC):
    """What a pod manager tells by itself."""

    @abc.abstractmethod
    def offers(self) -> frozenset[event.Way]:
        """Tell how events can be had now; nothing where they cannot be.

        :raises PodManagerError:
        """

    @abc.abstractmethod
    def subscriptions(self) -> list[event.Subscription]:
        """Give all subscriptions, whoever made them.

        :raises PodManagerError:
        """

    @abc.abstractmethod
    def subscribe(self, *, destination: str, context: str) -> str | None:
        """Have all events sent to a url.

        Never repeated by itself: after a time-out :meth:`subscriptions`
        tells whether it was made.

        :param context: comes back with each event.
        :returns: url of the subscription, as far as that is told.
        :raises UnsupportedAction: if events are not sent.
        """

    @abc.abstractmethod
    def unsubscribe(self, url: str) -> None:
        """End a subscription; one that is gone is no error."""

    @abc.abstractmethod
    def stream(self, *, after: str | None, idle: float) -> EventStream:
        """Begin to read events as they come.

        :param after: ``id`` of the last one that is known.
        :param idle: seconds of silence after which it has ended.
        :raises UnsupportedAction: if there is no stream.
        :raises PodManagerError:
        """
