"""Composed nodes of Intel RSD, as they are sent."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from valence.common import exception
from valence.objects import hardware
from valence.podm.redfish import actions, attachments, parse
from valence.podm.redfish.service import MAX_PARTS, Service

RESET = '#ComposedNode.Reset'


def read_node(
    document: parse.Document,
    *,
    processors: Sequence[Mapping[str, Any]] = (),
    memory: Sequence[Mapping[str, Any]] = (),
    interfaces: Sequence[Mapping[str, Any]] = (),
    attached: Sequence[str] = (),
) -> hardware.ComposedNode:
    return hardware.ComposedNode(
        url=document.url(),
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
        processors=processors,
        memory=memory,
        interfaces=interfaces,
        attached=attached,
        raw=document.raw,
    )


def read_detail(
    service: Service, document: parse.Document
) -> hardware.ComposedNode:
    """Give a node with its parts; what is not to be had is left out."""
    paths = {name: document.find_links('Links', name) for name in PARTS}
    return read_node(
        document,
        **read_parts(service, paths),
        attached=_attached(service, document),
    )


def read_parts(
    service: Service, paths: Mapping[str, Sequence[str]]
) -> dict[str, Any]:
    """Read the parts of a node, of each kind of :data:`PARTS`.

    :returns: ``processors``, ``memory`` and ``interfaces``, as of
        :class:`~valence.objects.hardware.ComposedNode`.
    """
    items = [
        (name, path)
        for name, each in paths.items()
        for path in each[:MAX_PARTS]
    ]

    def part(item: tuple[str, str]) -> Mapping[str, Any] | None:
        name, path = item
        found = service.find(path)
        return None if found is None else PARTS[name][1](service, found)

    parts: dict[str, Any] = {field: [] for field, _read in PARTS.values()}
    values = service.each(part, items)
    for (name, _path), value in zip(items, values, strict=True):
        if value is not None:
            parts[PARTS[name][0]].append(value)
    return parts


def _attached(service: Service, document: parse.Document) -> list[str]:
    """Give what can be detached; nothing where that is not told."""
    try:
        action = attachments.Action(service, document, attachments.DETACH)
        return action.urls()
    except (exception.UnsupportedAction, exception.PodManagerMalformed):
        return []


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
    vlans = service.find_members(document.find_link('VLANs')) or ()
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
            for vlan in service.find_each(vlans)
        ],
    }


#: By what Redfish calls it: what we call it, and what reads one of it.
PARTS: Mapping[
    str, tuple[str, Callable[[Service, parse.Document], Mapping[str, Any]]]
] = {
    'Processors': ('processors', _processor),
    'Memory': ('memory', _memory),
    'EthernetInterfaces': ('interfaces', _interface),
}
