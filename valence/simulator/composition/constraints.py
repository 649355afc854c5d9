"""What a constrained composition can ask for.

Quantities are minimums, words must be equal, and what a requirement
leaves out does not matter.  The number of resources is exact, unless a
requirement allows overprovisioning.  DSP2050, "Constrained Composition".
"""

import dataclasses
import typing
from collections.abc import Callable, Iterable, Mapping, Sequence

from valence.simulator import errors, matching, validation
from valence.simulator.composition import blocks as block_values

COUNT = '@Redfish.RequestedCount'
SPARE = '@Redfish.AllowOverprovisioning'

Request = Mapping[str, typing.Any]

_GIB = 2**30


@dataclasses.dataclass(frozen=True, slots=True)
class Quality:
    """A property of a resource, and how to tell it of hardware."""

    name: str
    value: Callable[[typing.Any], str | int]
    kind: type = int
    required: bool = False

    def is_met(self, want: Request, item: typing.Any) -> bool:
        """Tell whether a resource is as a requirement wants it."""
        wanted = want.get(self.name)
        if wanted is None:
            return True
        value = self.value(item)
        return bool(value >= wanted if self.kind is int else value == wanted)


@dataclasses.dataclass(frozen=True, slots=True)
class Section:
    """A part of a request: resources of one type.

    ``inner`` is the property of the members that has the requirements,
    where members are not the resources themselves.
    """

    name: str
    resource: str
    block: str
    items: Callable[[block_values.Block], Sequence[typing.Any]]
    qualities: tuple[Quality, ...]
    required: bool = False
    inner: str | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Want:
    """A requirement: so many resources, each with these properties."""

    values: Request
    count: int
    spare: bool


SECTIONS = (
    Section(
        'Processors',
        'Processor',
        block_values.COMPUTE,
        lambda block: block.processors,
        (
            Quality('ProcessorType', lambda _: 'CPU', str, True),
            Quality('TotalCores', lambda item: item.cores, required=True),
            Quality('TotalThreads', lambda item: item.cores * 2),
            Quality('MaxSpeedMHz', lambda item: item.speed_mhz),
            Quality('Model', lambda item: item.model, str),
            Quality('InstructionSet', lambda item: item.instruction_set, str),
            Quality(
                'ProcessorArchitecture', lambda item: item.architecture, str
            ),
        ),
        required=True,
    ),
    Section(
        'Memory',
        'Memory',
        block_values.COMPUTE,
        lambda block: block.modules,
        (
            Quality('MemoryType', lambda item: item.memory_type, str, True),
            Quality(
                'CapacityMiB', lambda item: item.capacity_mib, required=True
            ),
            Quality('MemoryDeviceType', lambda item: item.device_type, str),
            Quality('OperatingSpeedMhz', lambda item: item.speed_mhz),
            Quality('DataWidthBits', lambda item: item.data_width_bits),
        ),
        required=True,
    ),
    Section(
        'Storage',
        'Drive',
        block_values.STORAGE,
        lambda block: block.drives,
        (
            Quality(
                'CapacityBytes',
                lambda item: item.capacity_gib * _GIB,
                required=True,
            ),
            Quality('MediaType', lambda item: item.media, str),
            Quality('Protocol', lambda item: item.protocol, str),
            Quality('RotationSpeedRPM', lambda item: item.rpm),
        ),
        inner='Drives',
    ),
    Section(
        'EthernetInterfaces',
        'EthernetInterface',
        block_values.NETWORK,
        lambda block: block.interfaces,
        (Quality('SpeedMbps', lambda item: item.speed_mbps, required=True),),
    ),
)


def shape(section: Section) -> validation.Shape:
    """Return the shape of a section of a request."""
    counted = {COUNT: int, SPARE: bool}
    values = {each.name: each.kind for each in section.qualities}
    if section.inner is None:
        return {'Members': [{**counted, **values}]}
    return {'Members': [{**counted, section.inner: [{**counted, **values}]}]}


def wants(request: Request, section: Section) -> list[Want]:
    """Return the requirements of a section; none for one that is not there.

    :raises RedfishError: 400, with a message for each thing missing
    """
    members = (request.get(section.name) or {}).get('Members') or []
    at = [
        (f'{section.name}.Members[{number}]', each)
        for number, each in enumerate(members)
    ]
    problems = [] if members else _absent(section)
    found = []
    for where, member in at:
        problems += _uncounted(where, member)
        for path, want in _requirements(section, where, member):
            problems += _incomplete(section, path, want)
            found.append(_want(section, member, want))
    if problems:
        raise errors.invalid_payload(*problems)
    return found


def _absent(section: Section) -> list[str]:
    if not section.required:
        return []
    return [f'Property {section.name}.Members is required.']


def _requirements(
    section: Section, at: str, member: Request
) -> Iterable[tuple[str, Request]]:
    if section.inner is None:
        return [(at, member)]
    inner = member.get(section.inner) or []
    return [(f'{at}.{section.inner}[{n}]', e) for n, e in enumerate(inner)]


def _uncounted(at: str, want: Request) -> list[str]:
    return [] if want.get(COUNT) else [f'{at} needs {COUNT}, at least 1.']


def _incomplete(section: Section, at: str, want: Request) -> list[str]:
    names = [
        each.name
        for each in section.qualities
        if each.required and want.get(each.name) is None
    ]
    missing = [f'Property {at}.{name} is required.' for name in names]
    return missing + (_uncounted(at, want) if section.inner else [])


def _want(section: Section, member: Request, want: Request) -> Want:
    count = want.get(COUNT) or 0
    if section.inner is not None:
        count *= member.get(COUNT) or 0
    return Want(want, count, bool(want.get(SPARE) or member.get(SPARE)))


def are_met(
    section: Section,
    wanted: Sequence[Want],
    blocks: Iterable[block_values.Block],
) -> bool:
    """Tell whether blocks together have what a section asks for."""
    items = [item for block in blocks for item in section.items(block)]
    count = sum(each.count for each in wanted)
    spare = any(each.spare for each in wanted)
    if count > len(items) or (count < len(items) and not spare):
        return False
    return matching.match(
        [each.values for each in wanted for _ in range(each.count)],
        items,
        lambda want, item: all(
            each.is_met(want, item) for each in section.qualities
        ),
    )
