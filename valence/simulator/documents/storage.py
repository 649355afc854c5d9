"""Storage that is in no system, as Swordfish has it (RSD 2.3 on).

One StorageService with one pool on two drives, from which the volumes
are.  Read only.
"""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator import pooled
from valence.simulator.documents import capacity, common

PATH = f'{layouts.ROOT}/StorageServices'
POOL = '1'
DRIVES = 2

_GIB = 2**30
_DRIVE_GIB = 960


def _path(pod: pods.Pod) -> str:
    return f'{PATH}/{pod.layout.ids.storage}'


def _pool_path(pod: pods.Pod) -> str:
    return f'{_path(pod)}/StoragePools/{POOL}'


def _volume_paths(pod: pods.Pod) -> list[str]:
    own_ids = pod.layout.ids
    numbers = range(len(pooled.VOLUMES_GIB))
    return [f'{_path(pod)}/Volumes/{own_ids.volume(n)}' for n in numbers]


def _drive_paths(pod: pods.Pod) -> list[str]:
    return [f'{_path(pod)}/Drives/{n + 1}' for n in range(DRIVES)]


def services(pod: pods.Pod) -> common.Json:
    """Return the storage services: one."""
    return common.collection(
        PATH,
        'StorageServiceCollection',
        'Storage Service Collection',
        [_path(pod)],
    )


def service(pod: pods.Pod) -> common.Json:
    """Return the storage service."""
    path = _path(pod)
    return {
        **common.header(
            path,
            'StorageService.v1_0_0.StorageService',
            pod.layout.ids.storage,
            'Storage Service',
        ),
        'Status': common.HEALTHY,
        'StoragePools': common.link(f'{path}/StoragePools'),
        'Volumes': common.link(f'{path}/Volumes'),
        'Drives': common.link(f'{path}/Drives'),
        'Links': {},
    }


def pools(pod: pods.Pod) -> common.Json:
    """Return the storage pools: one."""
    return common.collection(
        f'{_path(pod)}/StoragePools',
        'StoragePoolCollection',
        'Storage Pool Collection',
        [_pool_path(pod)],
    )


def pool(pod: pods.Pod) -> common.Json:
    """Return the storage pool."""
    path = _pool_path(pod)
    return {
        **common.header(
            path, 'StoragePool.v1_0_0.StoragePool', POOL, 'Base Pool'
        ),
        'Status': common.HEALTHY,
        'Capacity': {
            'Data': {
                'AllocatedBytes': DRIVES * _DRIVE_GIB * _GIB,
                'ConsumedBytes': sum(pooled.VOLUMES_GIB) * _GIB,
            }
        },
        'CapacitySources': capacity.sources(pod, pool_source(pod)),
        'AllocatedVolumes': common.link(f'{path}/AllocatedVolumes'),
        'AllocatedPools': common.link(f'{path}/AllocatedPools'),
    }


def pool_source(pod: pods.Pod) -> capacity.Source:
    """Return where the capacity of the pool is from."""
    return capacity.Source(
        of=_pool_path(pod),
        providing='Drive',
        paths=_drive_paths(pod),
        allocated=DRIVES * _DRIVE_GIB * _GIB,
    )


def allocated_volumes(pod: pods.Pod) -> common.Json:
    """Return the volumes of the pool."""
    return common.collection(
        f'{_pool_path(pod)}/AllocatedVolumes',
        'VolumeCollection',
        'Volume Collection',
        _volume_paths(pod),
    )


def allocated_pools(pod: pods.Pod) -> common.Json:
    """Return the pools of the pool: none."""
    return common.collection(
        f'{_pool_path(pod)}/AllocatedPools',
        'StoragePoolCollection',
        'Storage Pool Collection',
        [],
    )


def volumes(pod: pods.Pod) -> common.Json:
    """Return the volumes."""
    return common.collection(
        f'{_path(pod)}/Volumes',
        'VolumeCollection',
        'Volume Collection',
        _volume_paths(pod),
    )


def volume(pod: pods.Pod, number: int) -> common.Json:
    """Return a volume, counted from 1."""
    path = _volume_paths(pod)[number - 1]
    size = pooled.VOLUMES_GIB[number - 1] * _GIB
    return {
        **common.header(
            path,
            'Volume.v1_1_0.Volume',
            pod.layout.ids.volume(number - 1),
            f'Volume {number}',
        ),
        'Status': common.HEALTHY,
        'CapacityBytes': size,
        'Capacity': {'Data': {'AllocatedBytes': size}},
        'CapacitySources': capacity.sources(pod, volume_source(pod, number)),
        'AccessCapabilities': ['Read', 'Write'],
        'Identifiers': [
            {
                'DurableName': f'/dev/vol{number}',
                'DurableNameFormat': 'SystemPath',
            }
        ],
        'Links': {'Drives': []},
    }


def volume_source(pod: pods.Pod, number: int) -> capacity.Source:
    """Return where the capacity of a volume is from."""
    return capacity.Source(
        of=_volume_paths(pod)[number - 1],
        providing='StoragePool',
        paths=[_pool_path(pod)],
        allocated=pooled.VOLUMES_GIB[number - 1] * _GIB,
    )


def drives(pod: pods.Pod) -> common.Json:
    """Return the drives that the pool is on."""
    return common.collection(
        f'{_path(pod)}/Drives',
        'DriveCollection',
        'Drive Collection',
        _drive_paths(pod),
    )


def drive(pod: pods.Pod, number: int) -> common.Json:
    """Return a drive that the pool is on, counted from 1."""
    return {
        **common.header(
            _drive_paths(pod)[number - 1],
            'Drive.v1_1_0.Drive',
            str(number),
            f'Drive {number}',
        ),
        'Manufacturer': 'Intel Corporation',
        'SerialNumber': pod.layout.serial('SDR', 0, number),
        'CapacityBytes': _DRIVE_GIB * _GIB,
        'MediaType': 'SSD',
        'Protocol': 'NVMe',
        'Status': common.OK,
        'Links': {},
    }
