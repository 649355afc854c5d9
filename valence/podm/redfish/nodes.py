"""Composed nodes of Intel RSD, as they are sent."""

from collections.abc import Mapping
from typing import Any

from valence.objects import hardware
from valence.podm.redfish import actions, parse
from valence.podm.redfish.service import Service

RESET = '#ComposedNode.Reset'


def read_node(
    document: parse.Document,
    *,
    processors: list[Mapping[str, Any]] | None = None,
    memory: list[Mapping[str, Any]] | None = None,
    interfaces: list[Mapping[str, Any]] | None = None,
) -> hardware.ComposedNode:
    return hardware.ComposedNode(
        url=document.path,
        id=document.identity(),
        name=document.text('Name'),
        description=document.text('Description'),
        state=document.text('ComposedNodeState'),
        health=document.text('Status', 'Health'),
        power_state=document.text('PowerState'),
        system_url=document.link('Links', 'ComputerSystem'),
        boot=actions.boot(document),
        reset_types=actions.reset_types(document, RESET),
        boot_targets=actions.boot_targets(document),
        processors=processors or (),
        memory=memory or (),
        interfaces=interfaces or (),
        raw=document.raw,
    )


def read_detail(
    service: Service, document: parse.Document
) -> hardware.ComposedNode:
    """Give a node with its parts; what is not to be had is left out."""
    readers = [
        (path, read)
        for field, read in _READERS.items()
        for path in document.links('Links', field)
    ]

    def part(item: tuple[str, Any]) -> Mapping[str, Any] | None:
        path, read = item
        found = service.find(path)
        return None if found is None else read(service, found)

    values = service.each(part, readers)
    parts: dict[Any, list[Mapping[str, Any]]] = {}
    for (_path, read), value in zip(readers, values, strict=True):
        if value is not None:
            parts.setdefault(read, []).append(value)
    return read_node(
        document,
        processors=parts.get(_processor),
        memory=parts.get(_memory),
        interfaces=parts.get(_interface),
    )


def _processor(
    _service: Service, document: parse.Document
) -> Mapping[str, Any]:
    return {
        'instruction_set': document.text('InstructionSet'),
        'model': document.text('Model'),
        'speed_mhz': document.number('MaxSpeedMHz'),
        'total_core': document.whole('TotalCores'),
    }


def _memory(_service: Service, document: parse.Document) -> Mapping[str, Any]:
    return {
        'data_width_bit': document.whole('DataWidthBits'),
        'speed_mhz': document.number('OperatingSpeedMhz'),
        'total_memory_mb': document.number('CapacityMiB'),
    }


def _interface(
    service: Service, document: parse.Document
) -> Mapping[str, Any]:
    vlans = service.find_members(document.link('VLANs')) or ()
    return {
        'mac': document.text('MACAddress'),
        'speed_mbps': document.number('SpeedMbps'),
        'status': document.text('Status', 'State'),
        'ipv4': [
            {
                'address': address.text('Address'),
                'subnet_mask': address.text('SubnetMask'),
                'gateway': address.text('Gateway'),
            }
            for address in document.parts('IPv4Addresses')
        ],
        'vlans': [
            {
                'vlanid': vlan.whole('VLANId'),
                'status': vlan.text('Status', 'State'),
            }
            for path in vlans
            if (vlan := service.find(path)) is not None
        ],
    }


_READERS = {
    'Processors': _processor,
    'Memory': _memory,
    'EthernetInterfaces': _interface,
}
