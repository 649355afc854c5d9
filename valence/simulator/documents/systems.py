"""Computer systems."""

from valence.simulator import computers, profiles
from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator.documents import common, devices

PATH = f'{layouts.ROOT}/Systems'


def collection(pod: pods.Pod) -> common.Json:
    """Return all systems."""
    layout = pod.layout
    return common.collection(
        PATH,
        'ComputerSystemCollection',
        'Computer System Collection',
        (layout.system_path(n) for n in range(layout.systems)),
    )


def boot(pod: pods.Pod, index: int) -> common.Json:
    """Return the Boot property."""
    state = pod.state_of(index)
    allowable = pod.personality.allowable
    return {
        'BootSourceOverrideEnabled': state.boot_enabled,
        allowable('BootSourceOverrideEnabled'): computers.BOOT_ENABLED,
        'BootSourceOverrideTarget': state.boot_target,
        allowable('BootSourceOverrideTarget'): computers.BOOT_TARGETS,
        'BootSourceOverrideMode': state.boot_mode,
        allowable('BootSourceOverrideMode'): computers.BOOT_MODES,
    }


def system(pod: pods.Pod, index: int) -> common.Json:
    """Return a system."""
    layout = pod.layout
    path = layout.system_path(index)
    state = pod.state_of(index)
    profile = profiles.profile_of(index)
    document = {
        **common.header(
            path,
            'ComputerSystem.v1_4_0.ComputerSystem',
            layout.system_id(index),
            f'Computer System {layout.system_id(index)}',
        ),
        'SystemType': 'Physical',
        'Manufacturer': 'Intel Corporation',
        'Model': profile.model,
        'SKU': f'{profile.model}-{profile.cores}C',
        'SerialNumber': layout.serial('SYS', index),
        'PartNumber': f'{profile.model}-001',
        'AssetTag': state.asset_tag,
        'UUID': layout.system_uuid(index),
        'HostName': None,
        'BiosVersion': 'SE5C620.86B.02.01.0008',
        'PowerState': state.power,
        'Status': common.HEALTHY,
        'Boot': boot(pod, index),
        'ProcessorSummary': {
            'Count': len(profile.processors),
            'Model': profile.processors[0].model,
            'CoreCount': profile.cores,
            'Status': common.OK,
        },
        'MemorySummary': {
            'TotalSystemMemoryGiB': profile.memory_mib // 1024,
            'Status': common.OK,
        },
        'Processors': common.link(f'{path}/Processors'),
        'Memory': common.link(f'{path}/Memory'),
        'Storage': common.link(f'{path}/Storage'),
        'SimpleStorage': common.link(f'{path}/SimpleStorage'),
        'EthernetInterfaces': common.link(f'{path}/EthernetInterfaces'),
        'PCIeDevices': common.links(devices.paths_on(pod, index)),
        'Links': {
            'Chassis': common.links([layout.sled_path(index)]),
            'ManagedBy': common.links(
                [layout.manager_path(layout.drawer_of(index))]
            ),
        },
        'Actions': {
            '#ComputerSystem.Reset': {
                'target': f'{path}/Actions/ComputerSystem.Reset',
                pod.personality.allowable('ResetType'): computers.RESET_TYPES,
            },
        },
    }
    if pod.personality.composes:
        document['Oem'] = {
            'Intel_RackScale': {
                '@odata.type': '#Intel.Oem.ComputerSystem',
                'ProcessorSockets': 2,
                'MemorySockets': 16,
                'DiscoveryState': 'Deep',
                'UserModeEnabled': False,
            }
        }
    return document
