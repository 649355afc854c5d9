"""Give documents: from the ids in a path to what a GET answers.

Each takes the pod and the ids, and raises a 404 for an id there is not.
"""

from collections.abc import Callable

from valence.simulator import pod as pods
from valence.simulator.composition.documents import blocks as block_documents
from valence.simulator.composition.documents import service
from valence.simulator.composition.documents import (
    systems as system_documents,
)
from valence.simulator.composition.handlers import lookup
from valence.simulator.documents import common
from valence.simulator.handlers import lookup as numbers


def zone(pod: pods.Pod, zone_id: str) -> common.Json:
    """Return a zone."""
    return service.zone(pod, lookup.zone(zone_id))


def reservation(pod: pods.Pod, reservation_id: str) -> common.Json:
    """Return a reservation."""
    found = pod.composition.reservations.find(reservation_id)
    return service.reservation(found)


def block(pod: pods.Pod, block_id: str) -> common.Json:
    """Return a block."""
    return block_documents.block(pod, lookup.block(pod, block_id))


def processor(pod: pods.Pod, block_id: str, own_id: str) -> common.Json:
    """Return a processor of a block."""
    one = lookup.block(pod, block_id)
    number = numbers.component(one.processors, own_id)
    return block_documents.processor(pod, one, number)


def module(pod: pods.Pod, block_id: str, own_id: str) -> common.Json:
    """Return a memory module of a block."""
    one = lookup.block(pod, block_id)
    number = numbers.component(one.modules, own_id)
    return block_documents.module(pod, one, number)


def storage(pod: pods.Pod, block_id: str, own_id: str) -> common.Json:
    """Return the storage subsystem of a block."""
    one = lookup.block(pod, block_id)
    numbers.component(block_documents.storage_paths(one), own_id)
    return block_documents.storage(pod, one)


def interface(pod: pods.Pod, block_id: str, own_id: str) -> common.Json:
    """Return an Ethernet interface of a block."""
    one = lookup.block(pod, block_id)
    number = numbers.component(one.interfaces, own_id)
    return block_documents.interface(pod, one, number)


def system(pod: pods.Pod, system_id: str) -> common.Json:
    """Return a composed system."""
    return system_documents.system(pod, pod.composition.system(system_id))


def members(name: str) -> Callable[..., common.Json]:
    """Return what reads a collection of a composed system."""

    def read(pod: pods.Pod, system_id: str) -> common.Json:
        return system_documents.members(
            pod.composition.system(system_id), name
        )

    return read
