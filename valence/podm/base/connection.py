"""A connection to a pod manager: how to get at its capabilities."""

import abc

from valence.common import exception
from valence.common.states import PodManagerStatus
from valence.objects import hardware
from valence.objects.pod_manager import PodManager
from valence.podm.base.compute import Compute
from valence.podm.base.events import Events
from valence.podm.base.inventory import Inventory


class Connection(abc.ABC):
    """One pod manager, connected. Thread-safe.

    A driver is constructed with the record, the limits
    (:class:`~valence.common.http_client.Limits`) of its calls and, or None,
    who wants to know how they end
    (:class:`~valence.common.http_health.Health`). The constructor stores; the
    first call, which may be the look for a capability, connects;
    :meth:`close` undoes. Who still holds a closed connection may go on with
    it.
    """

    def __init__(self, podm: PodManager) -> None:
        self.podm = podm

    def probe(self) -> hardware.Probe:
        """Look whether the pod manager is there and knows us; never raise."""
        try:
            composes = self.check()
        except exception.PodManagerUnauthorized as error:
            return hardware.Probe(PodManagerStatus.UNAUTHORIZED, str(error))
        except exception.PodManagerError as error:
            return hardware.Probe(PodManagerStatus.OFFLINE, str(error))
        return hardware.Probe(PodManagerStatus.ONLINE, composes=composes)

    @abc.abstractmethod
    def check(self) -> bool:
        """Ask for what only those may read whom the pod manager knows.

        :returns: whether nodes can be composed there.
        :raises PodManagerError: if it is not there, or does not know us.
        """

    @property
    def compute(self) -> Compute:
        raise exception.UnsupportedAction(
            action='compute', what=f'the driver {self.podm.driver}'
        )

    @property
    def inventory(self) -> Inventory:
        raise exception.UnsupportedAction(
            action='inventory', what=f'the driver {self.podm.driver}'
        )

    @property
    def events(self) -> Events:
        raise exception.UnsupportedAction(
            action='events', what=f'the driver {self.podm.driver}'
        )

    def look(self, monitor: str) -> hardware.Monitor:
        """Ask how a change goes that the pod manager accepted; do not wait.

        DONE and GONE prove nothing, and RUNNING need not ever end: some
        forget a change early, some say for ever that it runs. The caller
        decides by the resource.

        :param monitor: of the :class:`~valence.objects.hardware.Pending`.
        :raises PodManagerError: if the look itself failed, which says
            nothing of the change.
        """
        raise exception.UnsupportedAction(
            action='Looking at a monitor',
            what=f'the driver {self.podm.driver}',
        )

    def drop_idle(  # noqa: B027 - who keeps nothing open has none
        self, seconds: float
    ) -> None:
        """Drop what is kept open and was not used for so long.

        Who is logged in stays so.
        """

    @abc.abstractmethod
    def close(self) -> None:
        """Log out and close the connections; idempotent."""
