"""PCIe devices: accelerators in sleds, and the drives that are pooled.

Each has one function.  As Intel RSD has it, a chassis and a system link to
devices, and there is no collection of them.
"""

from valence.simulator import pod as pods
from valence.simulator import pooled, profiles
from valence.simulator.documents import attachments, common

FUNCTION = '1'
"""The id of the one function of a device."""

_STORAGE_CLASS = '0x010802'


def path_in(pod: pods.Pod, index: int, number: int) -> str:
    """Return the path of a device in a sled, counted from 1."""
    return f'{pod.layout.sled_path(index)}/PCIeDevices/{number}'


def paths_in(pod: pods.Pod, index: int) -> list[str]:
    """Return the devices in a sled."""
    if pod.personality.compositions:
        return []
    items = profiles.profile_of(index).accelerators
    return [path_in(pod, index, n) for n in range(1, len(items) + 1)]


def pooled_paths(pod: pods.Pod) -> list[str]:
    """Return the devices that the pooled drives are."""
    numbers = range(1, len(pooled.DRIVES) + 1)
    return [_pooled_path(pod, number) for number in numbers]


def _pooled_path(pod: pods.Pod, number: int) -> str:
    return f'{pod.layout.jbof_path}/PCIeDevices/{number}'


def paths_on(pod: pods.Pod, index: int) -> list[str]:
    """Return the devices that a system has, of its own and of others."""
    drives = attachments.paths_on(pod, index, remote=False)
    return paths_in(pod, index) + [
        path.replace('/Drives/', '/PCIeDevices/') for path in drives
    ]


def device(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return a device in a sled, counted from 1."""
    item = profiles.profile_of(index).accelerators[number - 1]
    return _device(
        path_in(pod, index, number),
        number,
        Name=f'{item.kind} {number}',
        Manufacturer=item.manufacturer,
        Model=item.model,
        SerialNumber=pod.layout.serial('PCI', index, number),
    )


def function(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return what a device in a sled is."""
    item = profiles.profile_of(index).accelerators[number - 1]
    return _function(
        path_in(pod, index, number),
        DeviceClass=(
            'DisplayController'
            if item.kind == 'GPU'
            else 'ProcessingAccelerators'
        ),
        ClassCode=item.class_code,
        VendorId=item.vendor_id,
        DeviceId=item.device_id,
    )


def pooled_device(pod: pods.Pod, number: int) -> common.Json:
    """Return the device that a pooled drive is, counted from 1."""
    return _device(
        _pooled_path(pod, number),
        number,
        Name=f'Drive {number}',
        Manufacturer='Intel Corporation',
        Model='Pooled NVMe SSD',
        SerialNumber=pod.layout.serial('PDR', 0, number),
    )


def pooled_function(pod: pods.Pod, number: int) -> common.Json:
    """Return what a pooled drive is on the bus."""
    document = _function(
        _pooled_path(pod, number),
        DeviceClass='MassStorageController',
        ClassCode=_STORAGE_CLASS,
        VendorId='0x8086',
        DeviceId='0x0953',
    )
    drive = pooled.drive_path(pod.layout, number)
    document['Links']['Drives'] = common.links([drive])
    return document


def _device(path: str, number: int, **values: str) -> common.Json:
    chassis = path.rpartition('/PCIeDevices/')[0]
    name = values.pop('Name')
    return {
        **common.header(
            path, 'PCIeDevice.v1_0_0.PCIeDevice', str(number), name
        ),
        **values,
        'FirmwareVersion': '1.0',
        'DeviceType': 'SingleFunction',
        'Status': common.HEALTHY,
        'Links': {
            'Chassis': common.links([chassis]),
            'PCIeFunctions': common.links([f'{path}/Functions/{FUNCTION}']),
        },
    }


def _function(path: str, **values: str) -> common.Json:
    return {
        **common.header(
            f'{path}/Functions/{FUNCTION}',
            'PCIeFunction.v1_0_0.PCIeFunction',
            FUNCTION,
            'Function 1',
        ),
        'FunctionId': 0,
        'FunctionType': 'Physical',
        **values,
        'Status': common.OK,
        'Links': {'PCIeDevice': common.link(path)},
    }
