"""Composed systems, which are what their blocks are."""

from collections.abc import Sequence

from valence.simulator import computers
from valence.simulator import pod as pods
from valence.simulator.composition import blocks, systems
from valence.simulator.composition.documents import blocks as block_documents
from valence.simulator.composition.documents import capabilities, etags
from valence.simulator.documents import common

COLLECTIONS = {
    'Processors': ('Processor', block_documents.processor_paths),
    'Memory': ('Memory', block_documents.module_paths),
    'Storage': ('Storage', block_documents.storage_paths),
    'EthernetInterfaces': (
        'EthernetInterface',
        block_documents.interface_paths,
    ),
}

_MIB_IN_GIB = 1024


def collection(pod: pods.Pod) -> common.Json:
    """Return all systems, and how to make more."""
    return {
        **common.collection(
            systems.PATH,
            'ComputerSystemCollection',
            'Computer System Collection',
            (each.path for each in list(pod.composition.systems.values())),
        ),
        **capabilities.annotation(pod),
    }


def system(pod: pods.Pod, one: systems.System) -> common.Json:
    """Return a system."""
    document = {
        **common.header(
            one.path, 'ComputerSystem.v1_20_0.ComputerSystem', one.id, one.name
        ),
        **outline(pod, one.blocks),
        'Description': one.description,
        'UUID': one.uuid,
        'AssetTag': one.condition.asset_tag,
        'SerialNumber': pod.layout.serial('CMP', one.number),
        'PowerState': one.condition.power,
        'Status': _status(one),
        'Boot': _boot(one.condition),
        **{name: common.link(f'{one.path}/{name}') for name in COLLECTIONS},
        'Composition': {'UseCases': ['ExpandableSystem']},
        'Actions': _actions(one.path),
    }
    return etags.tagged(document)


def outline(pod: pods.Pod, parts: Sequence[blocks.Block]) -> common.Json:
    """Return what a system of these blocks is, made or not."""
    layout = pod.layout
    processors = [item for each in parts for item in each.processors]
    modules = [item for each in parts for item in each.modules]
    indexes = sorted({each.index for each in parts})
    drawers = sorted({layout.drawer_of(index) for index in indexes})
    memory = sum(each.capacity_mib for each in modules)
    return {
        'SystemType': 'Composed',
        'Manufacturer': 'Intel Corporation',
        'Model': 'Composed System',
        'ProcessorSummary': {
            'Count': len(processors),
            'Model': processors[0].model,
            'CoreCount': sum(each.cores for each in processors),
            'Status': common.OK,
        },
        'MemorySummary': {
            'TotalSystemMemoryGiB': memory // _MIB_IN_GIB,
            'Status': common.OK,
        },
        'Links': {
            'ResourceBlocks': common.links(each.path for each in parts),
            'Chassis': common.links(map(layout.sled_path, indexes)),
            'ManagedBy': common.links(map(layout.manager_path, drawers)),
        },
    }


def _boot(condition: computers.SystemState) -> common.Json:
    return {
        'BootSourceOverrideEnabled': condition.boot_enabled,
        'BootSourceOverrideTarget': condition.boot_target,
        'BootSourceOverrideMode': condition.boot_mode,
        **{
            f'{name}@Redfish.AllowableValues': values
            for name, values in capabilities.BOOT.items()
        },
    }


def _status(one: systems.System) -> common.Json:
    health = 'Critical' if one.state == systems.FAILED else 'OK'
    return {'State': one.state, 'Health': health, 'HealthRollup': health}


def _actions(path: str) -> common.Json:
    target = f'{path}/Actions/ComputerSystem'
    return {
        '#ComputerSystem.Reset': {
            'target': f'{target}.Reset',
            'ResetType@Redfish.AllowableValues': computers.RESET_TYPES,
        },
        '#ComputerSystem.AddResourceBlock': {
            'target': f'{target}.AddResourceBlock'
        },
        '#ComputerSystem.RemoveResourceBlock': {
            'target': f'{target}.RemoveResourceBlock'
        },
    }


def members(one: systems.System, name: str) -> common.Json:
    """Return a collection of a system; its members are in the blocks.

    :param name: one of COLLECTIONS
    """
    kind, paths = COLLECTIONS[name]
    return common.collection(
        f'{one.path}/{name}',
        f'{kind}Collection',
        f'{kind} Collection',
        (path for each in one.blocks for path in paths(each)),
    )
