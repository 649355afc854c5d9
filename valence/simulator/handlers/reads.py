"""Give documents: from the ids in a path to what a GET answers.

Each takes the pod and the ids, and raises a 404 for an id there is not.
"""

from valence.simulator import errors, pooled, profiles
from valence.simulator import pod as pods
from valence.simulator.documents import chassis as chassis_documents
from valence.simulator.documents import (
    common,
    components,
    devices,
    managers,
    nodes,
    sessions,
    systems,
    tasks,
)
from valence.simulator.handlers import lookup
from valence.simulator.handlers import tasks as task_handlers


def chassis(pod: pods.Pod, chassis_id: str) -> common.Json:
    """Return a rack, a drawer, a sled, or the box of pooled drives."""
    if chassis_id == pod.layout.rack_id:
        return chassis_documents.rack(pod)
    if lookup.is_jbof(pod, chassis_id):
        return chassis_documents.jbof(pod)
    drawer = pod.layout.ids.drawer_numbers.get(chassis_id)
    if drawer is not None:
        return chassis_documents.drawer(pod, drawer)
    return chassis_documents.sled(pod, lookup.sled(pod, chassis_id))


def drives(pod: pods.Pod, chassis_id: str) -> common.Json:
    """Return the drives of a sled, or those that are pooled."""
    if lookup.is_jbof(pod, chassis_id):
        return chassis_documents.pooled_drives(pod)
    return chassis_documents.drives(pod, lookup.sled(pod, chassis_id))


def drive(pod: pods.Pod, chassis_id: str, drive_id: str) -> common.Json:
    """Return a drive of a sled, or one that is pooled."""
    if lookup.is_jbof(pod, chassis_id):
        number = lookup.component(pooled.DRIVES, drive_id)
        return chassis_documents.pooled_drive(pod, number)
    index = lookup.sled(pod, chassis_id)
    items = profiles.profile_of(index).drives
    number = lookup.component(items, drive_id)
    return chassis_documents.drive(pod, index, number)


def device(pod: pods.Pod, chassis_id: str, own_id: str) -> common.Json:
    """Return a PCIe device of a sled, or one that is pooled."""
    if lookup.is_jbof(pod, chassis_id):
        number = lookup.component(pooled.DRIVES, own_id)
        return devices.pooled_device(pod, number)
    index = lookup.sled(pod, chassis_id)
    number = lookup.component(devices.paths_in(pod, index), own_id)
    return devices.device(pod, index, number)


def function(
    pod: pods.Pod, chassis_id: str, own_id: str, function_id: str
) -> common.Json:
    """Return what a PCIe device is: each has one function."""
    lookup.only(function_id, devices.FUNCTION)
    if lookup.is_jbof(pod, chassis_id):
        number = lookup.component(pooled.DRIVES, own_id)
        return devices.pooled_function(pod, number)
    index = lookup.sled(pod, chassis_id)
    number = lookup.component(devices.paths_in(pod, index), own_id)
    return devices.function(pod, index, number)


def manager(pod: pods.Pod, manager_id: str) -> common.Json:
    """Return a manager."""
    return managers.manager(pod, lookup.manager(pod, manager_id))


def system(pod: pods.Pod, system_id: str) -> common.Json:
    """Return a system."""
    return systems.system(pod, lookup.system(pod, system_id))


def processors(pod: pods.Pod, system_id: str) -> common.Json:
    """Return the processors of a system."""
    return components.processors(pod, lookup.system(pod, system_id))


def processor(pod: pods.Pod, system_id: str, own_id: str) -> common.Json:
    """Return a processor."""
    index = lookup.system(pod, system_id)
    profile = profiles.profile_of(index)
    number = lookup.component(
        profile.processors + profile.accelerators, own_id
    )
    beyond = number - len(profile.processors)
    if beyond > 0:
        return components.accelerator(pod, index, beyond)
    return components.processor(pod, index, number)


def modules(pod: pods.Pod, system_id: str) -> common.Json:
    """Return the memory of a system."""
    return components.modules(pod, lookup.system(pod, system_id))


def module(pod: pods.Pod, system_id: str, own_id: str) -> common.Json:
    """Return a memory module."""
    index = lookup.system(pod, system_id)
    items = profiles.profile_of(index).modules
    number = lookup.component(items, own_id)
    return components.module(pod, index, number)


def interfaces(pod: pods.Pod, system_id: str) -> common.Json:
    """Return the Ethernet interfaces of a system."""
    return components.interfaces(pod, lookup.system(pod, system_id))


def interface(pod: pods.Pod, system_id: str, own_id: str) -> common.Json:
    """Return an Ethernet interface."""
    index = lookup.system(pod, system_id)
    items = profiles.profile_of(index).interfaces
    number = lookup.component(items, own_id)
    return components.interface(pod, index, number)


def storages(pod: pods.Pod, system_id: str) -> common.Json:
    """Return the storage subsystems of a system."""
    return components.storages(pod, lookup.system(pod, system_id))


def storage(pod: pods.Pod, system_id: str, own_id: str) -> common.Json:
    """Return a storage subsystem."""
    index = lookup.system(pod, system_id)
    lookup.component((None,), own_id)
    return components.storage(pod, index)


def storage_volumes(pod: pods.Pod, system_id: str, own_id: str) -> common.Json:
    """Return the volumes that a system has of others."""
    index = lookup.system(pod, system_id)
    lookup.component((None,), own_id)
    return components.storage_volumes(pod, index)


def simple_storages(pod: pods.Pod, system_id: str) -> common.Json:
    """Return the simple storage of a system."""
    return components.simple_storages(pod, lookup.system(pod, system_id))


def simple_storage(pod: pods.Pod, system_id: str, own_id: str) -> common.Json:
    """Return a simple storage."""
    index = lookup.system(pod, system_id)
    lookup.component((None,), own_id)
    return components.simple_storage(pod, index)


def node(pod: pods.Pod, node_id: str) -> common.Json:
    """Return a composed node."""
    return nodes.node(pod, pod.node(node_id))


def task(pod: pods.Pod, task_id: str) -> common.Json:
    """Return a task."""
    return tasks.task(task_handlers.find(pod, task_id))


def session(pod: pods.Pod, session_id: str) -> common.Json:
    """Return a session."""
    found = pod.sessions.find(session_id)
    if found is None:
        raise errors.unknown_endpoint(f'{sessions.PATH}/{session_id}')
    return sessions.session(found)
