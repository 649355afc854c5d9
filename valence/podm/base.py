"""What every pod manager can be asked for, whatever it speaks.

A driver (entry point ``valence.podm.driver``) is a :class:`Connection`. Its
capabilities are abstract base classes; asking for one that it does not have
is a clear error. Nothing here knows the database or the message bus.
"""

import abc
from collections.abc import Iterator

from valence.common import exception
from valence.common.states import PodManagerStatus
from valence.objects import event, hardware
from valence.objects.node import node_tag, tagged
from valence.objects.pod_manager import PodManager
from valence.objects.requirements import Requirements


class Inventory(abc.ABC):
    """What a pod manager holds."""

    @abc.abstractmethod
    def walk(self) -> Iterator[hardware.Part]:
        """Yield all that there is, collection by collection.

        A part that cannot be read says so, and the others come all the same.

        :raises PodManagerError: if the pod manager itself is not to be had;
            what was yielded before is true, what follows is unknown.
        """

    @abc.abstractmethod
    def systems(self) -> list[hardware.System]:
        """Read all computer systems at once.

        :raises PodManagerError:
        """

    def read(self, url: str) -> hardware.Properties:
        """Read any resource that :meth:`walk` has found, as it is sent.

        :raises PodManagerResourceMissing: if it is gone.
        """
        raise exception.UnsupportedAction(
            action='Reading the properties of a resource',
            what='this pod manager',
        )

    def chassis(self) -> list[hardware.Chassis]:
        """Read all chassis at once; those that cannot be are left out.

        :raises PodManagerError:
        """
        return []

    def devices(self) -> list[hardware.Device]:
        """Read all PCIe devices at once; see :meth:`chassis`.

        :raises PodManagerError:
        """
        return []

    def parts(self, url: str) -> hardware.SystemParts:
        """Read what a system is made of.

        :raises PodManagerResourceMissing: if the system is gone.
        :raises UnsupportedAction: if that is not told here.
        """
        raise exception.UnsupportedAction(
            action='Reading what a system is made of', what='this pod manager'
        )


class Compute(abc.ABC):
    """Systems, and nodes composed of them.

    Urls are paths at the pod manager, as given by :meth:`allocate_node`,
    :meth:`Inventory.walk` and the like. Each method is one operation and
    raises :class:`~valence.common.exception.PodManagerError` on failure.

    None of them waits for a change that takes its time: where the pod
    manager accepted it and goes on, the answer is a
    :class:`~valence.objects.hardware.Pending`, for :meth:`Connection.look`.
    Otherwise it has answered that it is done. Neither that, nor what a look
    tells, proves anything: the caller decides by the resource.
    """

    @abc.abstractmethod
    def get_system(self, url: str) -> hardware.System:
        """Read one system.

        :raises PodManagerResourceMissing: if it is gone.
        """

    @abc.abstractmethod
    def reset_system(
        self, url: str, reset_type: str
    ) -> hardware.Pending | None:
        """Change the power of a system.

        :param reset_type: Redfish's ResetType, for example ``ForceOff``.
        :raises UnsupportedValue: if the system does not allow it.
        """

    @abc.abstractmethod
    def set_system_boot(
        self, url: str, boot: hardware.BootOverride
    ) -> hardware.Pending | None:
        """Set what a system boots from.

        :raises UnsupportedValue: if the system does not allow it.
        """

    @property
    def composes(self) -> bool:
        """Tell whether nodes can be composed here."""
        return False

    def capacity(self) -> int | None:
        """Give how many nodes there can be at once.

        None is for as many as there are systems.

        :raises PodManagerError:
        """
        return None

    def allocate_node(
        self,
        *,
        name: str,
        description: str,
        tag: str,
        requirements: Requirements,
    ) -> str | hardware.Pending:
        """Reserve the parts of a node and give the new node's url.

        Never repeated by itself: after a time-out the node may exist, and
        :meth:`find_node` tells; or come to exist, and :meth:`find_pending`
        tells. After a Pending, :meth:`find_node` does.

        :raises NoMatchingSystem: with the pod manager's own reasons.
        """
        raise self._cannot_compose()

    def find_node(self, tag: str) -> str | None:
        """Give the url of the node that was allocated with this tag."""
        raise self._cannot_compose()

    def may_be(self, node: hardware.ComposedNode, tag: str) -> bool:
        """Tell whether a node may be the one that was asked for with a tag."""
        return node_tag(tagged(node.description, node.name) or '') == tag

    def has_node(self, url: str) -> bool:
        """Look whether a node is there."""
        try:
            self.get_node(url)
        except exception.PodManagerResourceMissing:
            return False
        return True

    def list_nodes(self) -> list[hardware.ComposedNode]:
        """Read all nodes themselves, as :meth:`get_node` does.

        :raises PodManagerError: if one of them cannot be read.
        """
        raise self._cannot_compose()

    def find_pending(self, tag: str) -> hardware.Pending | None:
        """Give the change that goes on and was asked for with this tag.

        None is also the answer of a pod manager that does not tell what it
        was asked for.

        :raises PodManagerError: if it could tell, and cannot be searched.
        """
        return None

    def get_node(self, url: str) -> hardware.ComposedNode:
        """Read the node itself (no processors, memory, interfaces).

        :raises PodManagerResourceMissing: if it is gone.
        """
        raise self._cannot_compose()

    def get_node_detail(self, url: str) -> hardware.ComposedNode:
        """Read the node with its processors, memory and interfaces."""
        raise self._cannot_compose()

    def assemble_node(self, url: str) -> hardware.Pending | None:
        """Start to assemble an allocated node; look at its state after."""
        raise self._cannot_compose()

    def reset_node(self, url: str, reset_type: str) -> hardware.Pending | None:
        """Change the power of a node, as :meth:`reset_system` does."""
        raise self._cannot('Changing the power of a node')

    def set_node_boot(
        self, url: str, boot: hardware.BootOverride
    ) -> hardware.Pending | None:
        """Set what a node boots from, as :meth:`set_system_boot` does."""
        raise self._cannot('Setting what a node boots from')

    def list_attachable(self, url: str) -> list[str]:
        """Give the urls of what can be attached to a node now."""
        raise self._cannot('Attaching resources')

    def attach_resource(
        self, url: str, resource_url: str
    ) -> hardware.Pending | None:
        """Attach a drive, volume, device or resource block to a node.

        It is attached once :meth:`get_node_detail` tells it among
        ``attached``.

        :raises UnsupportedAction: if nothing can be attached to this node.
        :raises UnsupportedValue: if the pod manager tells what can be, and
            that is something else.
        """
        raise self._cannot('Attaching resources')

    def detach_resource(
        self, url: str, resource_url: str
    ) -> hardware.Pending | None:
        """Detach what is attached, as :meth:`attach_resource` does."""
        raise self._cannot('Detaching resources')

    def delete_node(self, url: str) -> hardware.Pending | None:
        """Take a node apart; one that is gone already is no error."""
        raise self._cannot_compose()

    def force_delete_node(self, url: str) -> hardware.Pending | None:
        """Take a node apart, past what fails there, if that is possible."""
        return self.delete_node(url)

    def _cannot_compose(self) -> exception.ValenceError:
        return self._cannot('Composing nodes')

    def _cannot(self, action: str) -> exception.ValenceError:
        return exception.UnsupportedAction(
            action=action, what='this pod manager'
        )


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

    @abc.abstractmethod
    def close(self) -> None:
        """Log out and close the connections; idempotent."""
