"""Resource blocks and the hardware in them.

What is in a block looks as it does in a system of Intel's; only where it
is differs.  Drives stay where they are: in their sled.
"""

from collections.abc import Sized

from valence.simulator import pod as pods
from valence.simulator.composition import blocks, systems
from valence.simulator.composition.documents import etags, service
from valence.simulator.documents import common, components

Block = blocks.Block


def collection(pod: pods.Pod) -> common.Json:
    """Return all blocks."""
    return common.collection(
        blocks.PATH,
        'ResourceBlockCollection',
        'Resource Block Collection',
        (each.path for each in blocks.every(pod.layout)),
    )


def block(pod: pods.Pod, one: Block) -> common.Json:
    """Return a block."""
    system = pod.composition.system_on(one)
    zone = blocks.zone_of(pod.layout, one)
    document = {
        **common.header(
            one.path, 'ResourceBlock.v1_4_1.ResourceBlock', one.id, one.id
        ),
        'ResourceBlockType': [one.kind],
        'CompositionStatus': _status(pod, one, system),
        'Pool': 'Free' if system is None else 'Active',
        'Client': pod.composition.holds.client(one),
        'Status': common.HEALTHY,
        'Processors': common.links(processor_paths(one)),
        'Memory': common.links(module_paths(one)),
        'Storage': common.links(storage_paths(one)),
        'Drives': common.links(drive_paths(pod, one)),
        'EthernetInterfaces': common.links(interface_paths(one)),
        'ComputerSystems': [],
        'Links': {
            'ComputerSystems': common.links(
                [] if system is None else [system.path]
            ),
            'Chassis': common.links([pod.layout.sled_path(one.index)]),
            'Zones': common.links([service.zone_path(zone)]),
        },
    }
    return etags.tagged(document)


def _status(
    pod: pods.Pod, one: Block, system: systems.System | None
) -> common.Json:
    state = 'Unused' if system is None else systems.BLOCKS_ARE[system.state]
    return {
        'CompositionState': state,
        'Reserved': pod.composition.holds.of(one) is not None,
        'SharingCapable': False,
        'MaxCompositions': 1,
        'NumberOfCompositions': 0 if system is None else 1,
    }


def _paths(parent: str, items: Sized) -> list[str]:
    return [f'{parent}/{number}' for number in range(1, len(items) + 1)]


def processor_paths(one: Block) -> list[str]:
    """Return the paths of the processors of a block."""
    return _paths(f'{one.path}/Processors', one.processors)


def module_paths(one: Block) -> list[str]:
    """Return the paths of the memory modules of a block."""
    return _paths(f'{one.path}/Memory', one.modules)


def storage_paths(one: Block) -> list[str]:
    """Return the path of the storage subsystem of a block, if it has one."""
    return [f'{one.path}/Storage/1'] if one.drives else []


def drive_paths(pod: pods.Pod, one: Block) -> list[str]:
    """Return the paths of the drives of a block."""
    numbers = range(1, len(one.drives) + 1)
    return [pod.layout.drive_path(one.index, number) for number in numbers]


def interface_paths(one: Block) -> list[str]:
    """Return the paths of the Ethernet interfaces of a block."""
    return _paths(f'{one.path}/EthernetInterfaces', one.interfaces)


def processor(pod: pods.Pod, one: Block, number: int) -> common.Json:
    """Return a processor of a block, counted from 1."""
    document = components.processor(pod, one.index, number)
    return _at(document, f'{one.path}/Processors/{number}')


def module(pod: pods.Pod, one: Block, number: int) -> common.Json:
    """Return a memory module of a block, counted from 1."""
    document = components.module(pod, one.index, number)
    return _at(document, f'{one.path}/Memory/{number}')


def interface(pod: pods.Pod, one: Block, number: int) -> common.Json:
    """Return an Ethernet interface of a block, counted from 1."""
    document = components.interface(pod, one.index, number)
    return _at(document, f'{one.path}/EthernetInterfaces/{number}')


def storage(pod: pods.Pod, one: Block) -> common.Json:
    """Return the storage subsystem of a block."""
    path = f'{one.path}/Storage/1'
    document = _at(components.storage(pod, one.index), path)
    document['StorageControllers'] = [
        _at(each, f'{path}#/StorageControllers/{number}')
        for number, each in enumerate(document['StorageControllers'])
    ]
    return document


def _at(document: common.Json, path: str) -> common.Json:
    return {**document, '@odata.id': path}
