"""What a computer system consists of.

Components are counted from 1, in the order of the system's profile.
"""

from collections.abc import Sized

from valence.simulator import pod as pods
from valence.simulator import profiles
from valence.simulator.documents import attachments, common, devices

_GIB = 2**30


def _members(path: str, kind: str, items: Sized) -> common.Json:
    numbers = range(1, len(items) + 1)
    return common.collection(
        path,
        f'{kind}Collection',
        f'{kind} Collection',
        (f'{path}/{number}' for number in numbers),
    )


def processors(pod: pods.Pod, index: int) -> common.Json:
    """Return the processors of a system, and after them its accelerators."""
    path = f'{pod.layout.system_path(index)}/Processors'
    profile = profiles.profile_of(index)
    return _members(
        path, 'Processor', profile.processors + profile.accelerators
    )


def accelerator(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return an accelerator, as the processor that it is as well."""
    profile = profiles.profile_of(index)
    item = profile.accelerators[number - 1]
    own_id = str(len(profile.processors) + number)
    return {
        **common.header(
            f'{pod.layout.system_path(index)}/Processors/{own_id}',
            'Processor.v1_4_0.Processor',
            own_id,
            f'{item.kind} {number}',
        ),
        'ProcessorType': item.kind,
        'Manufacturer': item.manufacturer,
        'Model': item.model,
        'Status': common.OK,
        'Links': {
            'PCIeDevice': common.link(devices.path_in(pod, index, number))
        },
    }


def processor(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return a processor."""
    item = profiles.profile_of(index).processors[number - 1]
    document = {
        **common.header(
            f'{pod.layout.system_path(index)}/Processors/{number}',
            'Processor.v1_0_0.Processor',
            str(number),
            f'Processor {number}',
        ),
        'Socket': f'CPU{number}',
        'ProcessorType': 'CPU',
        'ProcessorArchitecture': item.architecture,
        'InstructionSet': item.instruction_set,
        'Manufacturer': item.manufacturer,
        'Model': item.model,
        'MaxSpeedMHz': item.speed_mhz,
        'TotalCores': item.cores,
        'TotalThreads': item.cores * 2,
        'Status': common.OK,
    }
    if pod.personality.composes:
        document['Oem'] = {
            'Intel_RackScale': {
                '@odata.type': '#Intel.Oem.Processor',
                'Brand': item.brand,
                'Capabilities': item.capabilities,
            }
        }
    return document


def modules(pod: pods.Pod, index: int) -> common.Json:
    """Return the memory modules of a system."""
    path = f'{pod.layout.system_path(index)}/Memory'
    return _members(path, 'Memory', profiles.profile_of(index).modules)


def module(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return a memory module."""
    item = profiles.profile_of(index).modules[number - 1]
    return {
        **common.header(
            f'{pod.layout.system_path(index)}/Memory/{number}',
            'Memory.v1_1_0.Memory',
            str(number),
            f'DIMM {number}',
        ),
        'CapacityMiB': item.capacity_mib,
        'MemoryType': item.memory_type,
        'MemoryDeviceType': item.device_type,
        'OperatingSpeedMhz': item.speed_mhz,
        'AllowedSpeedsMHz': [item.speed_mhz],
        'DataWidthBits': item.data_width_bits,
        'BusWidthBits': item.data_width_bits + 8,
        'DeviceLocator': f'DIMM_{number}',
        'Manufacturer': item.manufacturer,
        'SerialNumber': pod.layout.serial('DIM', index, number),
        'Status': common.OK,
    }


def interfaces(pod: pods.Pod, index: int) -> common.Json:
    """Return the Ethernet interfaces of a system."""
    path = f'{pod.layout.system_path(index)}/EthernetInterfaces'
    items = profiles.profile_of(index).interfaces
    return _members(path, 'EthernetInterface', items)


def interface(pod: pods.Pod, index: int, number: int) -> common.Json:
    """Return an Ethernet interface."""
    item = profiles.profile_of(index).interfaces[number - 1]
    mac = pod.layout.mac(index, number)
    return {
        **common.header(
            f'{pod.layout.system_path(index)}/EthernetInterfaces/{number}',
            'EthernetInterface.v1_1_0.EthernetInterface',
            str(number),
            f'Ethernet Interface {number}',
        ),
        'InterfaceEnabled': True,
        'MACAddress': mac,
        'PermanentMACAddress': mac,
        'SpeedMbps': item.speed_mbps,
        'FullDuplex': True,
        'LinkStatus': 'LinkUp',
        'Status': common.OK,
        'Links': {'Chassis': common.link(pod.layout.sled_path(index))},
    }


def storages(pod: pods.Pod, index: int) -> common.Json:
    """Return the storage subsystems: one."""
    path = f'{pod.layout.system_path(index)}/Storage'
    return _members(path, 'Storage', (None,))


def storage(pod: pods.Pod, index: int) -> common.Json:
    """Return the storage subsystem, whose drives are in the sled."""
    layout = pod.layout
    path = f'{layout.system_path(index)}/Storage/1'
    items = profiles.profile_of(index).drives
    drives = [
        layout.drive_path(index, number) for number in range(1, len(items) + 1)
    ]
    document = {
        **common.header(path, 'Storage.v1_1_0.Storage', '1', 'Storage'),
        'StorageControllers': [
            {
                '@odata.id': f'{path}#/StorageControllers/0',
                'MemberId': '0',
                'Name': 'Storage Controller',
                'SupportedDeviceProtocols': sorted(
                    {each.protocol for each in items}
                ),
                'Status': common.OK,
            }
        ],
        'Status': common.HEALTHY,
        'Links': {'Enclosures': common.links([layout.sled_path(index)])},
    }
    if not pod.personality.links_drives:
        drives += attachments.paths_on(pod, index, remote=False)
        document['Volumes'] = common.link(f'{path}/Volumes')
    document['Drives@odata.count'] = len(drives)
    document['Drives'] = common.links(drives)
    return document


def storage_volumes(pod: pods.Pod, index: int) -> common.Json:
    """Return the volumes that a system has of others."""
    return common.collection(
        f'{pod.layout.system_path(index)}/Storage/1/Volumes',
        'VolumeCollection',
        'Volume Collection',
        attachments.paths_on(pod, index, remote=True),
    )


def simple_storages(pod: pods.Pod, index: int) -> common.Json:
    """Return the simple storage collection: one."""
    path = f'{pod.layout.system_path(index)}/SimpleStorage'
    return _members(path, 'SimpleStorage', (None,))


def simple_storage(pod: pods.Pod, index: int) -> common.Json:
    """Return the same drives as older clients look for them."""
    path = f'{pod.layout.system_path(index)}/SimpleStorage/1'
    drives = profiles.profile_of(index).drives
    return {
        **common.header(
            path, 'SimpleStorage.v1_1_0.SimpleStorage', '1', 'Simple Storage'
        ),
        'Devices': [
            {
                'Name': f'Drive {number}',
                'Manufacturer': 'Intel Corporation',
                'Model': f'{each.protocol} {each.media}',
                'CapacityBytes': each.capacity_gib * _GIB,
                'Status': common.OK,
            }
            for number, each in enumerate(drives, 1)
        ],
        'Status': common.OK,
        'Links': {
            'Chassis': common.link(pod.layout.sled_path(index)),
        },
    }
