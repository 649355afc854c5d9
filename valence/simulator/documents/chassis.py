"""The chassis tree: a rack of drawers of sleds, and the sleds' drives."""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator import profiles
from valence.simulator.documents import common

PATH = f'{layouts.ROOT}/Chassis'
_TYPE = 'Chassis.v1_3_0.Chassis'
_GIB = 2**30


def collection(pod: pods.Pod) -> common.Json:
    """Return all chassis, the outer before the inner."""
    layout = pod.layout
    paths = [layout.rack_path]
    paths += [layout.drawer_path(n) for n in range(layout.drawers)]
    paths += [layout.sled_path(n) for n in range(layout.systems)]
    return common.collection(
        PATH, 'ChassisCollection', 'Chassis Collection', paths
    )


def rack(pod: pods.Pod) -> common.Json:
    """Return the rack."""
    layout = pod.layout
    document = {
        **common.header(layout.rack_path, _TYPE, layout.rack_id, 'Rack'),
        'ChassisType': 'Rack',
        'Manufacturer': 'Intel Corporation',
        'Model': 'RSD Rack',
        'SerialNumber': layout.serial('RCK', 0),
        'Status': common.HEALTHY,
        'Links': {
            'Contains': common.links(
                layout.drawer_path(n) for n in range(layout.drawers)
            ),
            'ComputerSystems': [],
            'ManagedBy': common.links(
                layout.manager_path(n) for n in range(layout.drawers)
            ),
        },
    }
    return _located(pod, document, layout.rack_location, None)


def drawer(pod: pods.Pod, number: int) -> common.Json:
    """Return a drawer."""
    layout = pod.layout
    document = {
        **common.header(
            layout.drawer_path(number),
            _TYPE,
            layout.drawer_id(number),
            f'Drawer {number + 1}',
        ),
        'ChassisType': 'Drawer',
        'Manufacturer': 'Intel Corporation',
        'Model': 'RSD Drawer',
        'SerialNumber': layout.serial('DRW', number),
        'Status': common.HEALTHY,
        'Links': {
            'ContainedBy': common.link(layout.rack_path),
            'Contains': common.links(
                layout.sled_path(n) for n in layout.systems_in(number)
            ),
            'ComputerSystems': [],
            'ManagedBy': common.links([layout.manager_path(number)]),
        },
    }
    return _located(
        pod, document, layout.drawer_location(number), layout.rack_location
    )


def sled(pod: pods.Pod, index: int) -> common.Json:
    """Return the sled of a system."""
    layout = pod.layout
    number = layout.drawer_of(index)
    drives = profiles.profile_of(index).drives
    document = {
        **common.header(
            layout.sled_path(index), _TYPE, layout.sled_id(index), 'Sled'
        ),
        'ChassisType': 'Sled',
        'Manufacturer': 'Intel Corporation',
        'Model': profiles.profile_of(index).model,
        'SerialNumber': layout.serial('SLD', index),
        'Status': common.HEALTHY,
        'Links': {
            'ContainedBy': common.link(layout.drawer_path(number)),
            'Contains': [],
            'ComputerSystems': common.links([layout.system_path(index)]),
            'ManagedBy': common.links([layout.manager_path(number)]),
            'Drives': common.links(
                layout.drive_path(index, n) for n in range(1, len(drives) + 1)
            ),
        },
    }
    return _located(
        pod,
        document,
        f'{layout.drawer_location(number)}-Sled-{layout.sled_id(index)}',
        layout.drawer_location(number),
    )


def drives(pod: pods.Pod, index: int) -> common.Json:
    """Return the drives in a sled."""
    items = profiles.profile_of(index).drives
    return common.collection(
        f'{pod.layout.sled_path(index)}/Drives',
        'DriveCollection',
        'Drive Collection',
        (
            pod.layout.drive_path(index, number)
            for number in range(1, len(items) + 1)
        ),
    )


def drive(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return a drive, counted from 1."""
    layout = pod.layout
    item = profiles.profile_of(index).drives[number - 1]
    return {
        **common.header(
            layout.drive_path(index, number),
            'Drive.v1_1_0.Drive',
            str(number),
            f'Drive {number}',
        ),
        'Manufacturer': 'Intel Corporation',
        'Model': f'{item.protocol} {item.media} {item.capacity_gib} GiB',
        'SerialNumber': layout.serial('DRV', index, number),
        'CapacityBytes': item.capacity_gib * _GIB,
        'MediaType': item.media,
        'Protocol': item.protocol,
        'RotationSpeedRPM': item.rpm,
        'Status': common.OK,
        'Links': {'Chassis': common.link(layout.sled_path(index))},
    }


def _located(
    pod: pods.Pod, document: common.Json, own: str, parent: str | None
) -> common.Json:
    # Only the Intel extension tells places by parent; standard Redfish
    # has a rack's name and no more.
    if pod.personality.composes:
        extension = {
            '@odata.type': '#Intel.Oem.Chassis',
            'Location': {'Id': own, 'ParentId': parent},
        }
        document['Oem'] = {'Intel_RackScale': extension}
    else:
        document['Location'] = {
            'Placement': {'Rack': pod.layout.rack_location}
        }
    return document
