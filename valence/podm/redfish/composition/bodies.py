"""The bodies by which a system is asked for (Redfish DSP2050)."""

import math
from collections.abc import Iterable, Iterator
from typing import Any

from valence.objects.requirements import Memory, Processor, Requirements
from valence.podm.redfish.totals import GIB

Body = dict[str, Any]

_STANZA = 'node'
_COUNT = '@Redfish.RequestedCount'
_MORE = '@Redfish.AllowOverprovisioning'
#: How many modules the memory of a node may be spread over, and the size of
#: those that are too small to be asked for.
_MODULES = (1, 2, 4, 8, 16, 32)
_LEAST_MODULE_MIB = 4096


def specific(named: Body, blocks: Iterable[str]) -> Body:
    """Ask for a system of just these resource blocks."""
    return {
        **named,
        'Links': {'ResourceBlocks': [{'@odata.id': url} for url in blocks]},
    }


def constrained(named: Body, wanted: Requirements) -> Iterator[Body]:
    """Ask for a system that fits, of blocks that the service chooses.

    A node has processors and memory in any case, so that they are asked for
    in any case. Memory is asked for as a number of modules of a size: how
    many there are only the service knows, so there is a body for each number
    that may be.
    """
    processor = wanted.processor or Processor()
    drive, network = wanted.local_drive, wanted.network
    body = {
        **named,
        'Processors': _members(
            {
                'ProcessorType': 'CPU',
                'TotalCores': processor.total_cores or 1,
                'Model': processor.model,
                'InstructionSet': processor.instruction_set,
                'MaxSpeedMHz': processor.speed_mhz,
            }
        ),
    }
    if drive:
        size = drive.capacity_gib and drive.capacity_gib * GIB
        drives = [_one({'CapacityBytes': size, 'MediaType': drive.type})]
        body['Storage'] = _members({'Drives': drives})
    if network:
        body['EthernetInterfaces'] = _members(
            {'SpeedMbps': network.speed_mbps}
        )
    for memory in _modules(wanted.memory or Memory()):
        yield {**body, 'Memory': {'Members': [memory]}}


def _modules(wanted: Memory) -> Iterator[Body]:
    size = wanted.capacity_mib or 1
    for count in _MODULES:
        capacity = math.ceil(size / count)
        if count > 1 and capacity < _LEAST_MODULE_MIB:
            return
        yield _one(
            {
                'MemoryType': wanted.kind or 'DRAM',
                'CapacityMiB': capacity,
                'MemoryDeviceType': wanted.device,
                'OperatingSpeedMhz': wanted.speed_mhz,
            },
            count,
        )


def compose(request: Body) -> Body:
    """Ask for a system by a manifest."""
    return _manifest('ComposeSystem', request)


def decompose(url: str) -> Iterator[Body]:
    """Ask by a manifest that a system is taken apart.

    The first is as Manifest.v1_1 has it, a reference to the system; some
    servers (ODIM) take links to systems instead.
    """
    reference = {'@odata.id': url}
    for request in (reference, {'Links': {'ComputerSystems': [reference]}}):
        yield _manifest('DecomposeSystem', request)


def _manifest(stanza_type: str, request: Body) -> Body:
    stanza = {
        'StanzaType': stanza_type,
        'StanzaId': _STANZA,
        'Request': request,
    }
    return {
        'RequestFormat': 'Manifest',
        'RequestType': 'Apply',
        'Manifest': {'Expand': 'None', 'Stanzas': [stanza]},
    }


def _members(part: Body) -> Body:
    return {'Members': [_one(part)]}


def _one(part: Body, count: int = 1) -> Body:
    given = {name: value for name, value in part.items() if value is not None}
    return {_COUNT: count, _MORE: True, **given}
