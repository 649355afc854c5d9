"""What a system has in all: cores, drives and interfaces.

The summaries of the system itself are used where it has them: each part
that must be read instead costs one or more requests.
"""

from dataclasses import dataclass

from valence.podm.redfish import parse
from valence.podm.redfish.service import Service

GIB = 1024**3


@dataclass(frozen=True, slots=True)
class Processors:
    """The processors of a system; None where it is not told."""

    cores: int | None = None
    architecture: str | None = None
    model: str | None = None


def processors(
    service: Service, system: parse.Document, *, detail: bool
) -> Processors:
    """Sum up the processors of a system.

    :param detail: read the processors also where only their architecture
        is not known yet.
    """
    cores = system.whole('ProcessorSummary', 'CoreCount')
    model = system.text('ProcessorSummary', 'Model')
    if cores is not None and not detail:
        return Processors(cores=cores, model=model)
    found = [
        processor
        for processor in members(service, system.find_link('Processors'))
        if processor.text('ProcessorType') in ('CPU', None)
    ]
    counts = [processor.whole('TotalCores') for processor in found]
    told = [count for count in counts if count is not None]
    if cores is None and told:
        cores = sum(told)
    return Processors(
        cores=cores,
        architecture=_first(found, 'InstructionSet'),
        model=model or _first(found, 'Model'),
    )


def storage_gib(service: Service, system: parse.Document) -> float | None:
    """Sum up the drives of a system, GiB; None where none are told."""
    sizes = [
        device.number('CapacityBytes')
        for controller in members(service, system.find_link('SimpleStorage'))
        for device in controller.parts('Devices')
    ]
    if not sizes:
        drives = [
            drive
            for storage in members(service, system.find_link('Storage'))
            for drive in storage.find_links('Drives')
        ]
        found = service.find_each(drives)
        sizes = [drive.number('CapacityBytes') for drive in found]
    told = [size for size in sizes if size is not None]
    return round(sum(told) / GIB, 2) if told else None


def interfaces(service: Service, system: parse.Document) -> int | None:
    """Count the Ethernet interfaces of a system."""
    path = system.find_link('EthernetInterfaces')
    found = service.find_members(path)
    return None if found is None else len(found)


def members(service: Service, path: str | None) -> list[parse.Document]:
    """Read the members of a collection, as many as are to be had."""
    return service.find_each(service.find_members(path) or ())


def _first(documents: list[parse.Document], field: str) -> str | None:
    texts = (document.text(field) for document in documents)
    return next((text for text in texts if text is not None), None)
