"""The capability to tell what a pod manager holds."""

import abc
from collections.abc import Iterator

from valence.common import exception
from valence.objects import hardware


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
