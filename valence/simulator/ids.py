"""What resources are called: ``1-s-1``, or just ``1``.

Ids follow from numbers, which count from 0, and are the same in all pods
of a size.  Only ids here, no paths.
"""

import abc
import functools
import typing

SLEDS_PER_DRAWER = 8


class Ids(abc.ABC):
    """The ids in a pod with so many systems."""

    rack: typing.ClassVar[str]
    storage: typing.ClassVar[str]

    def __init__(self, systems: int) -> None:
        self.systems = systems
        self.drawers = -(-systems // SLEDS_PER_DRAWER)

    @property
    @abc.abstractmethod
    def jbof(self) -> str:
        """The chassis id of the box with the pooled drives."""

    @abc.abstractmethod
    def system(self, index: int) -> str:
        """Return the id of a system."""

    @abc.abstractmethod
    def sled(self, index: int) -> str:
        """Return the chassis id of a system's sled."""

    @abc.abstractmethod
    def drawer(self, number: int) -> str:
        """Return the chassis id of a drawer."""

    @abc.abstractmethod
    def manager(self, number: int) -> str:
        """Return the id of a drawer's manager."""

    @abc.abstractmethod
    def switch(self, number: int) -> str:
        """Return the id of a drawer's switch."""

    @abc.abstractmethod
    def volume(self, number: int) -> str:
        """Return the id of a volume of the storage service."""

    @functools.cached_property
    def system_indexes(self) -> dict[str, int]:
        """The index of the system of each id."""
        return {self.system(n): n for n in range(self.systems)}

    @functools.cached_property
    def sled_indexes(self) -> dict[str, int]:
        """The index of the system in each sled, by the sled's id."""
        return {self.sled(n): n for n in range(self.systems)}

    @functools.cached_property
    def drawer_numbers(self) -> dict[str, int]:
        """The number of each drawer, by its id."""
        return {self.drawer(n): n for n in range(self.drawers)}

    @functools.cached_property
    def manager_numbers(self) -> dict[str, int]:
        """The number of each drawer, by the id of its manager."""
        return {self.manager(n): n for n in range(self.drawers)}

    @functools.cached_property
    def switch_numbers(self) -> dict[str, int]:
        """The number of each drawer, by the id of its switch."""
        return {self.switch(n): n for n in range(self.drawers)}


class Dashed(Ids):
    """The drawer, what it is, and which of them in the drawer."""

    rack = '1-r-1'
    storage = '1-sv-1'

    @property
    def jbof(self) -> str:
        """The chassis id of the box with the pooled drives."""
        return '1-j-1'

    def system(self, index: int) -> str:
        """Return the id of a system."""
        return _inside('s', index)

    def sled(self, index: int) -> str:
        """Return the chassis id of a system's sled."""
        return _inside('c', index)

    def drawer(self, number: int) -> str:
        """Return the chassis id of a drawer."""
        return f'{number + 1}-d-1'

    def manager(self, number: int) -> str:
        """Return the id of a drawer's manager."""
        return f'{number + 1}-m-1'

    def switch(self, number: int) -> str:
        """Return the id of a drawer's switch."""
        return f'{number + 1}-sw-1'

    def volume(self, number: int) -> str:
        """Return the id of a volume of the storage service."""
        return f'{self.storage}-vl-{number + 1}'


class Numeric(Ids):
    """Numbers in the order of the collection that a resource is in."""

    rack = '1'
    storage = '1'

    @property
    def jbof(self) -> str:
        """The chassis id of the box with the pooled drives: the last."""
        return str(self.drawers + self.systems + 2)

    def system(self, index: int) -> str:
        """Return the id of a system."""
        return str(index + 1)

    def sled(self, index: int) -> str:
        """Return the chassis id of a system's sled."""
        return str(self.drawers + index + 2)

    def drawer(self, number: int) -> str:
        """Return the chassis id of a drawer."""
        return str(number + 2)

    def manager(self, number: int) -> str:
        """Return the id of a drawer's manager."""
        return str(number + 1)

    def switch(self, number: int) -> str:
        """Return the id of a drawer's switch."""
        return str(number + 1)

    def volume(self, number: int) -> str:
        """Return the id of a volume of the storage service."""
        return str(number + 1)


def _inside(letter: str, index: int) -> str:
    drawer, slot = divmod(index, SLEDS_PER_DRAWER)
    return f'{drawer + 1}-{letter}-{slot + 1}'


@functools.cache
def made(kind: type[Ids], systems: int) -> Ids:
    """Return the ids of all pods of a kind and size."""
    return kind(systems)
