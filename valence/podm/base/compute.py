"""The capability to change systems, and to compose nodes of them."""

import abc

from valence.common import exception
from valence.objects import hardware
from valence.objects.node import node_tag, tagged
from valence.objects.requirements import Requirements


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
