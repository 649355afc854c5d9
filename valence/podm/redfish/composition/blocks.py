"""Resource blocks, as they are sent (Redfish ResourceBlock.v1_4)."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from valence.objects.resource import url_key
from valence.podm.redfish import parse, totals
from valence.podm.redfish.service import Service

#: What has processors and memory at once.
WHOLE = frozenset({'Compute', 'ComputerSystem'})
#: CompositionState of what may become a part of one more system.
_FREE = frozenset({'Unused', 'ComposedAndAvailable'})
#: What a block is, by what it holds, where it does not say itself.
_HOLDS = {
    'ComputerSystems': 'ComputerSystem',
    'Processors': 'Compute',
    'Memory': 'Compute',
    'Storage': 'Storage',
    'SimpleStorage': 'Storage',
    'Drives': 'Storage',
    'EthernetInterfaces': 'Network',
    'NetworkInterfaces': 'Network',
}


@dataclass(frozen=True, slots=True)
class Block:
    """A resource block.

    :ivar kinds: Compute, Processor, Memory, Storage, Network, ...
    :ivar zones: keys of the paths of those that it is in.
    """

    document: parse.Document
    kinds: frozenset[str]
    zones: Sequence[str] = ()

    @property
    def url(self) -> str:
        return self.document.path

    @property
    def begins_node(self) -> bool:
        """Tell whether each node has just one such block."""
        return bool(self.kinds & {*WHOLE, 'Processor'})

    @property
    def can_be_reserved(self) -> bool:
        """Tell whether it can be reserved so that one sees for whom."""
        told = self.document.flag('CompositionStatus', 'Reserved')
        return told is not None and 'Client' in self.document.raw

    def is_free(self, client: str | None = None) -> bool:
        """Tell whether it may become a part of a system.

        :param client: for whom it may be reserved.
        """
        status = self.document.part('CompositionStatus')
        if status.text('CompositionState') not in _FREE:
            return False
        reserved = status.flag('Reserved')
        return not reserved or self.is_reserved_for(client)

    def is_reserved_for(self, client: str | None) -> bool:
        if not self.document.flag('CompositionStatus', 'Reserved'):
            return False
        return client is not None and self.document.text('Client') == client


def read(document: parse.Document, zones: Iterable[str] = ()) -> Block:
    """Give a block; what it is follows from what it holds, if need be.

    :param zones: those that say that it is theirs.
    """
    told = document.texts('ResourceBlockType')
    one = document.text('ResourceBlockType')
    kinds = told or ([one] if one else _held(document))
    own = document.find_links('Links', 'Zones')
    keys = dict.fromkeys(map(url_key, [*own, *zones]))
    return Block(document, frozenset(kinds), tuple(keys))


def _held(document: parse.Document) -> Iterable[str]:
    return [kind for name, kind in _HOLDS.items() if document.value(name)]


class Contents:
    """Reads what blocks hold; what is not to be had is left out."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def processors(self, block: Block) -> list[parse.Document]:
        return self._inside(block, 'Processors')

    def memory(self, block: Block) -> list[parse.Document]:
        return self._inside(block, 'Memory')

    def interfaces(self, block: Block) -> list[parse.Document]:
        return self._inside(block, 'EthernetInterfaces')

    def drives(self, block: Block) -> list[parse.Document]:
        """Give drives, and the devices of simple storage."""
        found = self._service.find_each(block.document.find_links('Drives'))
        for storage in self._inside(block, 'Storage'):
            found += self._service.find_each(storage.find_links('Drives'))
        for simple in self._inside(block, 'SimpleStorage'):
            found += simple.parts('Devices')
        return found

    def _inside(self, block: Block, name: str) -> list[parse.Document]:
        found = self._service.find_each(block.document.find_links(name))
        for system in self._service.find_each(
            block.document.find_links('ComputerSystems')
        ):
            found += totals.members(self._service, system.find_link(name))
        return found
