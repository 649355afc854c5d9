"""All chassis of a Redfish service, as the tree that they are."""

from collections.abc import Sequence

from valence.objects import hardware
from valence.objects.resource import url_key
from valence.podm.redfish import parse, tree
from valence.podm.redfish.members import read_members
from valence.podm.redfish.service import OEM, OF_ONE, Service
from valence.podm.redfish.snapshot import Snapshot


def read_chassis(service: Service) -> list[hardware.Chassis]:
    """Read all chassis, with their places and their systems.

    :raises PodManagerError: if the server is not to be had, or none of them.
    """
    snapshot = Snapshot(service)
    found = read_members(snapshot, snapshot.link('Chassis'))
    parents = tree.parents(found)
    inside = {
        each.path: each.find_links('Links', 'ComputerSystems')
        for each in found
    }
    if found and not any(inside.values()):
        inside = _asked_the_systems(snapshot, found)
    return [
        _chassis(each, parents[each.path], inside.get(each.path, ()))
        for each in found
    ]


def _asked_the_systems(
    service: Snapshot, chassis: Sequence[parse.Document]
) -> dict[str, list[str]]:
    """Give the systems in each chassis, by what the systems say."""
    known = {url_key(each.path): each.path for each in chassis}
    inside: dict[str, list[str]] = {}
    for system in _systems(service):
        for link in system.find_links('Links', 'Chassis'):
            path = known.get(url_key(link))
            if path is not None:
                inside.setdefault(path, []).append(system.path)
    return inside


def _systems(service: Snapshot) -> list[parse.Document]:
    try:
        return read_members(service, service.link('Systems'))
    except OF_ONE:
        return []


def _chassis(
    document: parse.Document, parent: str | None, systems: Sequence[str]
) -> hardware.Chassis:
    return hardware.Chassis(
        url=document.path,
        id=document.identity(),
        kind=document.text('ChassisType'),
        name=document.text('Name'),
        description=document.text('Description'),
        manufacturer=document.text('Manufacturer'),
        model=document.text('Model'),
        serial_number=document.text('SerialNumber'),
        health=document.text('Status', 'Health'),
        location=_location(document),
        parent_url=parent,
        system_urls=tuple(dict.fromkeys(systems)),
    )


def _location(document: parse.Document) -> str | None:
    place = document.text(*OEM, 'Location', 'Id')
    return place or document.text('Location', 'Placement', 'Rack')
