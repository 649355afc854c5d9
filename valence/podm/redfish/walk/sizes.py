"""What a system has in all, from what a walk has read anyway.

Nothing is asked for: what would have to be is not told. That is why
:mod:`~valence.podm.redfish.totals`, which shows as much as it can get, is of
no use here.
"""

from collections.abc import Iterable

from valence.objects import hardware
from valence.objects.resource import url_key
from valence.podm.redfish import parse
from valence.podm.redfish.service import OF_ONE, Service
from valence.podm.redfish.snapshot import Snapshot

_MIB_IN_GIB = 1024


class Known(Service):
    """What a snapshot knows; reading anything else is an error."""

    def __init__(self, snapshot: Snapshot) -> None:
        super().__init__(snapshot.client)
        self._snapshot = snapshot

    def get(self, path: str) -> parse.Document:
        known = self._snapshot.known(path)
        if known is None:
            raise self.client.malformed(path, 'it was not read')
        return known


def size(
    snapshot: Snapshot, system: parse.Document, url: str
) -> hardware.Size:
    """Give what a system has in all.

    :param url: of the system, in its one spelling.
    """
    known = Known(snapshot)
    return hardware.Size(
        url=url,
        cores=_cores(known, system),
        ram_gib=_ram_gib(known, system),
        drives=_drives(known, system),
    )


def _cores(known: Known, system: parse.Document) -> int | None:
    cores = system.whole('ProcessorSummary', 'CoreCount')
    if cores is not None:
        return cores if cores >= 0 else None
    found = _members(known, system, 'Processors')
    total = _sum(
        processor.whole('TotalCores')
        for processor in found or ()
        if processor.text('ProcessorType') in ('CPU', None)
    )
    return None if total is None else int(total)


def _ram_gib(known: Known, system: parse.Document) -> float | None:
    ram = system.number('MemorySummary', 'TotalSystemMemoryGiB')
    if ram is not None:
        return ram if ram >= 0 else None
    found = _members(known, system, 'Memory') or ()
    mib = _sum(module.number('CapacityMiB') for module in found)
    return None if mib is None else mib / _MIB_IN_GIB


def _drives(known: Known, system: parse.Document) -> int | None:
    """Count the drives, or where there is no Storage what it had before."""
    if system.value('Storage') is None:
        found = _members(known, system, 'SimpleStorage')
        if found is None:
            return None
        return sum(len(each.parts('Devices')) for each in found)
    storage = _members(known, system, 'Storage')
    if storage is None:
        return None
    paths = (path for each in storage for path in each.find_links('Drives'))
    return len(set(map(url_key, paths)))


def _members(
    known: Known, system: parse.Document, field: str
) -> list[parse.Document] | None:
    """Give the members of a collection; None if any of them is not known."""
    try:
        path = system.link(field)
        if path is None:
            return None
        return [known.get(each) for each in known.members(path)]
    except OF_ONE:
        return None


def _sum(values: Iterable[float | None]) -> float | None:
    told = [value for value in values if value is not None and value >= 0]
    return sum(told) if told else None
