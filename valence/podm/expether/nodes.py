"""Systems and nodes of an ExpEther manager, from its devices."""

from collections.abc import Iterable

from valence.objects import hardware
from valence.podm.expether import choice, urls
from valence.podm.expether.devices import Device
from valence.podm.expether.urls import Place


def read_system(base: str, eesv: Device) -> hardware.System:
    """Give an EESV as the system that it is.

    :param base: path of the manager.
    """
    return hardware.System(
        url=urls.device_url(base, eesv.id),
        id=eesv.id,
        name=eesv.id,
        description=eesv.description,
        health=eesv.health,
        power_state=eesv.power_state,
        raw=eesv.raw,
    )


def read_node(
    base: str, place: Place, eesv: Device, eeios: Iterable[Device]
) -> hardware.ComposedNode:
    """Give the node of an EESV; its url says no more what is wanted."""
    held = [eeio for eeio in eeios if eeio.group == place.group]
    return hardware.ComposedNode(
        url=urls.node_url(base, Place(eesv.id, place.group)),
        id=eesv.id,
        name=eesv.id,
        description=eesv.description,
        state=_state(place, eesv, held),
        health=eesv.health,
        power_state=eesv.power_state,
        system_url=urls.device_url(base, eesv.id),
        attached=[urls.device_url(base, eeio.id) for eeio in held],
        raw=eesv.raw,
    )


def _state(place: Place, eesv: Device, held: Iterable[Device]) -> str:
    """Give the state of a node in the words of Intel RSD."""
    if eesv.group == place.group:
        lacking = choice.missing_kinds(place, held)
        return 'Allocated' if lacking else 'Assembled'
    return 'Allocated' if eesv.free else 'Failed'
