"""Composed systems, as they are sent (Redfish ComputerSystem.v1_27)."""

from valence.objects import hardware
from valence.podm.redfish import actions, nodes, parse
from valence.podm.redfish.service import Service
from valence.podm.redfish.systems import RESET

#: By Status.State; all others are of a system that is there.
_STATES = {
    'Starting': 'Assembling',
    'Updating': 'Assembling',
    'Absent': 'Failed',
    'UnavailableOffline': 'Failed',
}


def is_composed(document: parse.Document) -> bool:
    """Tell whether a system is made of blocks, and can be taken apart."""
    kind = document.text('SystemType')
    if kind is not None:
        return kind == 'Composed'
    return bool(document.links('Links', 'ResourceBlocks'))


def read_node(
    document: parse.Document, service: Service | None = None
) -> hardware.ComposedNode:
    """Give a composed system as a node.

    :param service: what its parts are read with; None leaves them out.
    """
    parts = {}
    if service is not None:
        paths = {
            name: service.find_members(document.find_link(name)) or ()
            for name in nodes.PARTS
        }
        parts = nodes.read_parts(service, paths)
    state = document.text('Status', 'State')
    return hardware.ComposedNode(
        url=document.url(),
        id=document.identity(),
        name=document.text('Name'),
        description=document.text('Description'),
        state=_STATES.get(state or '', 'Assembled'),
        health=document.text('Status', 'Health'),
        power_state=document.text('PowerState'),
        system_url=document.url(),
        boot=actions.boot(document),
        reset_types=actions.reset_types(document, RESET),
        boot_targets=actions.boot_targets(document),
        attached=tuple(document.links('Links', 'ResourceBlocks')),
        raw=document.raw,
        **parts,
    )
