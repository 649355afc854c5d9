"""Storage that is in no system, as Intel's own Services (RSD 2.1, 2.2).

One service whose logical drives are on two physical ones, each with a
target.  Read only.
"""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator import pooled
from valence.simulator.documents import common

PATH = f'{layouts.ROOT}/Services'

DRIVES = 2
_DRIVE_GIB = 960


def _path(pod: pods.Pod) -> str:
    return f'{PATH}/{pod.layout.ids.storage}'


def _members(pod: pods.Pod, name: str, kind: str, count: int) -> common.Json:
    path = f'{_path(pod)}/{name}'
    return common.collection(
        path,
        f'{kind}Collection',
        f'{kind} Collection',
        (f'{path}/{number}' for number in range(1, count + 1)),
    )


def services(pod: pods.Pod) -> common.Json:
    """Return the services: one."""
    return common.collection(
        PATH, 'StorageServiceCollection', 'Services Collection', [_path(pod)]
    )


def service(pod: pods.Pod) -> common.Json:
    """Return the service."""
    path = _path(pod)
    return {
        **common.header(
            path,
            'StorageService.v1_0_0.StorageService',
            pod.layout.ids.storage,
            'Storage Service',
        ),
        'Status': common.HEALTHY,
        'LogicalDrives': common.link(f'{path}/LogicalDrives'),
        'Drives': common.link(f'{path}/Drives'),
        'RemoteTargets': common.link(f'{path}/Targets'),
        'Links': {},
    }


def logical_drives(pod: pods.Pod) -> common.Json:
    """Return the logical drives."""
    count = len(pooled.VOLUMES_GIB)
    return _members(pod, 'LogicalDrives', 'LogicalDrive', count)


def logical_drive(pod: pods.Pod, number: int) -> common.Json:
    """Return a logical drive, counted from 1."""
    path = _path(pod)
    return {
        **common.header(
            f'{path}/LogicalDrives/{number}',
            'LogicalDrive.v1_0_0.LogicalDrive',
            str(number),
            f'Logical Drive {number}',
        ),
        'Status': common.HEALTHY,
        'Type': 'LVM',
        'Mode': 'LV',
        'Protected': False,
        'CapacityGiB': pooled.VOLUMES_GIB[number - 1],
        'Image': None,
        'Bootable': False,
        'Snapshot': False,
        'Links': {
            'LogicalDrives': [],
            'PhysicalDrives': common.links(
                f'{path}/Drives/{n + 1}' for n in range(DRIVES)
            ),
            'UsedBy': [],
            'Targets': common.links([f'{path}/Targets/{number}']),
        },
    }


def drives(pod: pods.Pod) -> common.Json:
    """Return the physical drives."""
    return _members(pod, 'Drives', 'PhysicalDrive', DRIVES)


def drive(pod: pods.Pod, number: int) -> common.Json:
    """Return a physical drive, counted from 1."""
    return {
        **common.header(
            f'{_path(pod)}/Drives/{number}',
            'PhysicalDrive.v1_0_0.PhysicalDrive',
            str(number),
            f'Physical Drive {number}',
        ),
        'Status': common.HEALTHY,
        'Interface': 'SATA',
        'CapacityGiB': _DRIVE_GIB,
        'Type': 'SSD',
        'RPM': 0,
        'Manufacturer': 'Intel Corporation',
        'SerialNumber': pod.layout.serial('SDR', 0, number),
        'Links': {'UsedBy': logical_drives(pod)['Members']},
    }


def targets(pod: pods.Pod) -> common.Json:
    """Return the iSCSI targets: one of each logical drive."""
    count = len(pooled.VOLUMES_GIB)
    return _members(pod, 'Targets', 'RemoteTarget', count)


def target(pod: pods.Pod, number: int) -> common.Json:
    """Return an iSCSI target, counted from 1."""
    name = f'iqn.2016-05.example.org:pod-{pod.layout.pod}:{number}'
    return {
        **common.header(
            f'{_path(pod)}/Targets/{number}',
            'RemoteTarget.v1_0_0.RemoteTarget',
            str(number),
            f'Target {number}',
        ),
        'Status': common.HEALTHY,
        'Type': 'iSCSITargets',
        'Addresses': [
            {
                'iSCSI': {
                    'TargetLUN': [{'LUN': 1}],
                    'TargetIQN': name,
                    'TargetPortalIP': '192.0.2.1',
                    'TargetPortalPort': 3260,
                }
            }
        ],
        'Initiator': [{'iSCSI': {'InitiatorIQN': 'ANY'}}],
        'Links': {},
    }
