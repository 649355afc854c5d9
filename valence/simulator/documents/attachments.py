"""What can be attached to composed nodes, and what is.

Before 2.3 an action has AllowableValues beside it; since then it refers to
an ActionInfo, as DSP0266 has it.
"""

from collections.abc import Iterable

from valence.simulator import nodes, pooled
from valence.simulator import pod as pods
from valence.simulator.documents import common

_PROTOCOLS = ('NVMeOverFabrics',)


def paths_of(pod: pods.Pod, one: nodes.Node, *, remote: bool) -> list[str]:
    """Return the volumes, or the drives, that are attached to a node."""
    held = pod.pool.held_by(one.id)
    return [each.path for each in held if each.remote == remote]


def paths_on(pod: pods.Pod, index: int, *, remote: bool) -> list[str]:
    """Return what is attached to the node that a system is part of."""
    one = pod.node_on(index)
    return [] if one is None else paths_of(pod, one, remote=remote)


def actions(pod: pods.Pod, one: nodes.Node, node_path: str) -> common.Json:
    """Return the actions by which things come to a node, and go."""
    kind = pod.personality.attaching
    if kind is None:
        return {}
    values = {
        kind.attach: pod.pool.free(),
        kind.detach: pod.pool.held_by(one.id),
    }
    return {
        f'#ComposedNode.{verb}': {
            'target': f'{node_path}/Actions/ComposedNode.{verb}',
            **(
                {'@Redfish.ActionInfo': _info_path(node_path, verb)}
                if kind.informs
                # Not by DMTF: the one annotation that 2.1 has as later.
                else {'Resource@Redfish.AllowableValues': _links(items)}
            ),
        }
        for verb, items in values.items()
    }


def attach_info(pod: pods.Pod, node_path: str) -> common.Json:
    """Return what can be attached."""
    document = _info(node_path, 'AttachResource', pod.pool.free())
    document['Parameters'].append(
        {
            'Name': 'Protocol',
            'Required': False,
            'DataType': 'String',
            'ObjectDataType': None,
            'AllowableValues': _PROTOCOLS,
        }
    )
    return document


def detach_info(pod: pods.Pod, one: nodes.Node, node_path: str) -> common.Json:
    """Return what can be detached from a node."""
    return _info(node_path, 'DetachResource', pod.pool.held_by(one.id))


def _info(
    node_path: str, verb: str, items: Iterable[pooled.Item]
) -> common.Json:
    return {
        **common.header(
            _info_path(node_path, verb),
            'ActionInfo.v1_0_2.ActionInfo',
            f'{verb}ActionInfo',
            f'{verb} ActionInfo',
        ),
        'Parameters': [
            {
                'Name': 'Resource',
                'Required': True,
                'DataType': 'Object',
                'ObjectDataType': '#Resource.Resource',
                'AllowableValues': _links(items),
            },
        ],
    }


def _info_path(node_path: str, verb: str) -> str:
    return f'{node_path}/Actions/{verb}ActionInfo'


def _links(items: Iterable[pooled.Item]) -> list[common.Json]:
    return common.links(each.path for each in items)
