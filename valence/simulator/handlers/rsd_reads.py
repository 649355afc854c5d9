"""Give documents that only Intel RSD has.

As ``reads``: each takes the pod and the ids, and raises a 404 for an id
there is not.
"""

from collections.abc import Callable

from valence.simulator import pod as pods
from valence.simulator import pooled
from valence.simulator.documents import (
    accounts,
    attachments,
    capacity,
    common,
    nodes,
    services,
    storage,
    switches,
)
from valence.simulator.handlers import lookup

Read = Callable[..., common.Json]


def attach_info(pod: pods.Pod, node_id: str) -> common.Json:
    """Return what can be attached to a node."""
    path = nodes.path_of(pod.node(node_id))
    return attachments.attach_info(pod, path)


def detach_info(pod: pods.Pod, node_id: str) -> common.Json:
    """Return what can be detached from a node."""
    node = pod.node(node_id)
    return attachments.detach_info(pod, node, nodes.path_of(node))


def switch(pod: pods.Pod, switch_id: str) -> common.Json:
    """Return a switch."""
    return switches.switch(pod, lookup.switch(pod, switch_id))


def ports(pod: pods.Pod, switch_id: str) -> common.Json:
    """Return the ports of a switch."""
    return switches.ports(pod, lookup.switch(pod, switch_id))


def port(pod: pods.Pod, switch_id: str, port_id: str) -> common.Json:
    """Return a port of a switch."""
    drawer = lookup.switch(pod, switch_id)
    wired = switches.wired(pod, drawer)
    return switches.port(pod, drawer, lookup.component(wired, port_id))


def account(pod: pods.Pod, account_id: str) -> common.Json:
    """Return the account."""
    lookup.only(account_id, '1')
    return accounts.account(pod)


def role(pod: pods.Pod, role_id: str) -> common.Json:
    """Return the role."""
    lookup.only(role_id, accounts.ROLE)
    return accounts.role(pod)


def of_service(read: Read) -> Read:
    """Make a reader of a function for what the storage service has."""

    def reader(pod: pods.Pod, service_id: str) -> common.Json:
        lookup.only(service_id, pod.layout.ids.storage)
        return read(pod)

    return reader


def of_pool(read: Read) -> Read:
    """Make a reader of a function for what the storage pool has."""

    def reader(pod: pods.Pod, service_id: str, pool_id: str) -> common.Json:
        lookup.only(service_id, pod.layout.ids.storage)
        lookup.only(pool_id, storage.POOL)
        return read(pod)

    return reader


def volume(pod: pods.Pod, service_id: str, volume_id: str) -> common.Json:
    """Return a volume."""
    lookup.only(service_id, pod.layout.ids.storage)
    return storage.volume(pod, lookup.volume(pod, volume_id))


def storage_drive(
    pod: pods.Pod, service_id: str, drive_id: str
) -> common.Json:
    """Return a drive of the storage service."""
    lookup.only(service_id, pod.layout.ids.storage)
    number = lookup.component(range(storage.DRIVES), drive_id)
    return storage.drive(pod, number)


def pool_source(read: Read) -> Read:
    """Make a reader of a function for where a pool is from."""

    def reader(
        pod: pods.Pod, service_id: str, pool_id: str, source_id: str
    ) -> common.Json:
        lookup.only(service_id, pod.layout.ids.storage)
        lookup.only(pool_id, storage.POOL)
        lookup.only(source_id, capacity.ID)
        return read(storage.pool_source(pod))

    return reader


def volume_source(read: Read) -> Read:
    """Make a reader of a function for where a volume is from."""

    def reader(
        pod: pods.Pod, service_id: str, volume_id: str, source_id: str
    ) -> common.Json:
        lookup.only(service_id, pod.layout.ids.storage)
        lookup.only(source_id, capacity.ID)
        number = lookup.volume(pod, volume_id)
        return read(storage.volume_source(pod, number))

    return reader


def logical_drive(
    pod: pods.Pod, service_id: str, drive_id: str
) -> common.Json:
    """Return a logical drive."""
    lookup.only(service_id, pod.layout.ids.storage)
    number = lookup.component(pooled.VOLUMES_GIB, drive_id)
    return services.logical_drive(pod, number)


def physical_drive(
    pod: pods.Pod, service_id: str, drive_id: str
) -> common.Json:
    """Return a physical drive."""
    lookup.only(service_id, pod.layout.ids.storage)
    number = lookup.component(range(services.DRIVES), drive_id)
    return services.drive(pod, number)


def target(pod: pods.Pod, service_id: str, target_id: str) -> common.Json:
    """Return an iSCSI target."""
    lookup.only(service_id, pod.layout.ids.storage)
    number = lookup.component(pooled.VOLUMES_GIB, target_id)
    return services.target(pod, number)
