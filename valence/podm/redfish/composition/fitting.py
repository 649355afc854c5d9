"""What of a block meets what is asked for.

Quantities are minimums, words must be equal; what is not told does not fit
what is asked for. A drive, a processor and an interface meet a requirement
by themselves, memory in sum, as with Intel RSD.
"""

from valence.objects.requirements import (
    LocalDrive,
    Memory,
    Network,
    Processor,
)
from valence.podm.redfish import parse
from valence.podm.redfish.totals import GIB


def processor(wanted: Processor, sent: parse.Document) -> bool:
    return (
        _least(wanted.total_cores, sent.number('TotalCores'))
        and _least(wanted.speed_mhz, sent.number('MaxSpeedMHz'))
        and _same(wanted.model, sent.text('Model'))
        and _same(wanted.instruction_set, sent.text('InstructionSet'))
    )


def memory(wanted: Memory, sent: list[parse.Document]) -> bool:
    """Tell whether modules add up to what is wanted."""
    fitting = [each for each in sent if _module(wanted, each)]
    return bool(fitting) and _least(wanted.capacity_mib, mebibytes(fitting))


def drive(wanted: LocalDrive, sent: parse.Document) -> bool:
    size = sent.number('CapacityBytes')
    return _least(
        wanted.capacity_gib, None if size is None else size / GIB
    ) and _same(wanted.type, sent.text('MediaType'))


def interface(wanted: Network, sent: parse.Document) -> bool:
    return _least(wanted.speed_mbps, sent.number('SpeedMbps'))


def mebibytes(modules: list[parse.Document]) -> float:
    """Give the memory of modules, MiB."""
    return sum(each.number('CapacityMiB') or 0 for each in modules)


def cores(processors: list[parse.Document]) -> int:
    return sum(each.whole('TotalCores') or 0 for each in processors)


def _module(wanted: Memory, sent: parse.Document) -> bool:
    kinds = sent.text('MemoryType'), sent.text('MemoryDeviceType')
    speed = sent.number('OperatingSpeedMhz')
    return _least(wanted.speed_mhz, speed) and (
        wanted.type is None or wanted.type in kinds
    )


def _least(wanted: float | None, sent: float | None) -> bool:
    return wanted is None or (sent is not None and sent >= wanted)


def _same(wanted: str | None, sent: str | None) -> bool:
    return wanted is None or sent == wanted
