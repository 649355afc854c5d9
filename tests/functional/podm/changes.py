"""All that a driver can be asked to do at a pod manager, one by one."""

import contextlib
import dataclasses
from collections.abc import Callable, Iterator
from typing import Any

from tests.functional.podm import recorded
from tests.unit.podm.redfish import allocations
from valence.objects import hardware
from valence.podm import base

PXE = hardware.BootOverride('Once', 'Pxe')

Change = Callable[[base.Compute], Any]


@dataclasses.dataclass(frozen=True)
class Target:
    """What is changed: paths at the pod manager, as it told them.

    :ivar node: composed already; None where there are none.
    :ivar attachable: may be attached to it.
    :ivar attached: may be detached from it.
    """

    system: str
    node: str | None = None
    attachable: str = ''
    attached: str = ''


def prepared(pod: Any, connection: base.Connection) -> Target:
    """Make a node with something attached, where there can be nodes.

    :param pod: of the simulator.
    """
    if not connection.compute.composes:
        return Target(connection.inventory.systems()[0].url)
    compute = connection.compute
    pod.appear(recorded.TAG, 'node')
    node = compute.find_node(recorded.TAG)
    assert node is not None
    compute.attach_resource(node, compute.list_attachable(node)[0])
    return Target(
        compute.get_node(node).system_url or '',
        node,
        compute.list_attachable(node)[0],
        compute.get_node_detail(node).attached[0],
    )


def changes(target: Target) -> Iterator[tuple[str, Change]]:
    """Yield the name of each change, and what does it."""
    system, node = target.system, target.node
    yield 'reset_system', lambda it: it.reset_system(system, 'ForceOff')
    yield 'set_system_boot', lambda it: it.set_system_boot(system, PXE)
    if node is None:
        return
    attach, detach = target.attachable, target.attached
    yield 'allocate_node', allocate
    yield 'reset_node', lambda it: it.reset_node(node, 'ForceOff')
    yield 'set_node_boot', lambda it: it.set_node_boot(node, PXE)
    yield 'attach_resource', lambda it: it.attach_resource(node, attach)
    yield 'detach_resource', lambda it: it.detach_resource(node, detach)
    yield 'assemble_node', lambda it: it.assemble_node(node)
    yield 'delete_node', lambda it: it.delete_node(node)


def allocate(compute: base.Compute) -> Any:
    wanted = allocations.wants(processor={'total_cores': 8})
    return allocations.allocate(compute, wanted)


@contextlib.contextmanager
def set_modes(pod: Any, **modes: Any) -> Iterator[None]:
    """Have a simulated pod misbehave inside."""
    pod.set_modes(**modes)
    try:
        yield
    finally:
        pod.clear_modes()
