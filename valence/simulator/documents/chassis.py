"""The chassis tree: a rack of drawers of sleds, and the drives in it."""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator import pooled, profiles
from valence.simulator.documents import common, devices

PATH = f'{layouts.ROOT}/Chassis'
_TYPE = 'Chassis.v1_3_0.Chassis'
_GIB = 2**30


def collection(pod: pods.Pod) -> common.Json:
    """Return all chassis, the outer before the inner."""
    layout = pod.layout
    paths = [layout.rack_path]
    paths += [layout.drawer_path(n) for n in range(layout.drawers)]
    paths += [layout.sled_path(n) for n in range(layout.systems)]
    paths += _boxes(pod)
    return common.collection(
        PATH, 'ChassisCollection', 'Chassis Collection', paths
    )


def _boxes(pod: pods.Pod) -> list[str]:
    return [pod.layout.jbof_path] if pod.personality.storage else []


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
                [layout.drawer_path(n) for n in range(layout.drawers)]
                + _boxes(pod)
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
            'ComputerSystems': common.links(pod.systems_at(index)),
            'ManagedBy': common.links([layout.manager_path(number)]),
            'Drives': common.links(
                layout.drive_path(index, n) for n in range(1, len(drives) + 1)
            ),
            'PCIeDevices': common.links(devices.paths_in(pod, index)),
        },
    }
    return _located(
        pod,
        document,
        f'{layout.drawer_location(number)}-Sled-{layout.sled_id(index)}',
        layout.drawer_location(number),
    )


def jbof(pod: pods.Pod) -> common.Json:
    """Return the box of drives that are in no system."""
    layout = pod.layout
    document = {
        **common.header(layout.jbof_path, _TYPE, layout.ids.jbof, 'JBOF'),
        'ChassisType': 'Drawer',
        'Manufacturer': 'Intel Corporation',
        'Model': 'Just a Bunch of Flash',
        'SerialNumber': layout.serial('JBF', 0),
        'Status': common.HEALTHY,
        'Links': {
            'ContainedBy': common.link(layout.rack_path),
            'Contains': [],
            'ComputerSystems': [],
            'ManagedBy': [],
            'Drives': common.links(_pooled_paths(pod)),
            'PCIeDevices': common.links(devices.pooled_paths(pod)),
        },
    }
    return _located(
        pod, document, f'{layout.rack_location}-JBOF', layout.rack_location
    )


def drives(pod: pods.Pod, index: int) -> common.Json:
    """Return the drives in a sled."""
    items = profiles.profile_of(index).drives
    return _drives(
        pod.layout.sled_path(index),
        [
            pod.layout.drive_path(index, number)
            for number in range(1, len(items) + 1)
        ],
    )


def pooled_drives(pod: pods.Pod) -> common.Json:
    """Return the drives that are in no system."""
    return _drives(pod.layout.jbof_path, _pooled_paths(pod))


def _pooled_paths(pod: pods.Pod) -> list[str]:
    numbers = range(1, len(pooled.DRIVES) + 1)
    return [pooled.drive_path(pod.layout, number) for number in numbers]


def _drives(chassis: str, paths: list[str]) -> common.Json:
    return common.collection(
        f'{chassis}/Drives', 'DriveCollection', 'Drive Collection', paths
    )


def drive(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return a drive of a sled, counted from 1."""
    return _drive(
        pod.layout.sled_path(index),
        number,
        profiles.profile_of(index).drives[number - 1],
        pod.layout.serial('DRV', index, number),
    )


def pooled_drive(pod: pods.Pod, number: int) -> common.Json:
    """Return a drive that is in no system, counted from 1."""
    return _drive(
        pod.layout.jbof_path,
        number,
        pooled.DRIVES[number - 1],
        pod.layout.serial('PDR', 0, number),
    )


def _drive(
    chassis: str, number: int, item: profiles.Drive, serial: str
) -> common.Json:
    return {
        **common.header(
            f'{chassis}/Drives/{number}',
            'Drive.v1_1_0.Drive',
            str(number),
            f'Drive {number}',
        ),
        'Manufacturer': 'Intel Corporation',
        'Model': f'{item.protocol} {item.media} {item.capacity_gib} GiB',
        'SerialNumber': serial,
        'CapacityBytes': item.capacity_gib * _GIB,
        'MediaType': item.media,
        'Protocol': item.protocol,
        'RotationSpeedRPM': item.rpm,
        'Status': common.OK,
        'Links': {'Chassis': common.link(chassis)},
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
