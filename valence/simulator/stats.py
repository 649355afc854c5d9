"""What a pod tells of itself to tests.  Read from any thread."""

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from valence.simulator import pod as pods


def document(pod: 'pods.Pod') -> dict[str, typing.Any]:
    """Return what happened and how things are."""
    return {
        'pod': pod.layout.pod,
        'requests': dict(pod.requests),
        'calls': dict(pod.calls),
        'answers': {str(k): n for k, n in dict(pod.answers).items()},
        'running_most': pod.running_most,
        'redfish_tasks': pod.redfish_tasks,
        'systems': pod.layout.systems,
        'free_systems': pod.free_count,
        'made': [dataclasses.asdict(each) for each in pod.made],
        'nodes': (
            pod.composition.records()
            if pod.personality.compositions
            else _nodes(pod)
        ),
        'sessions': len(pod.sessions.all()),
        'events': pod.events.stats(),
        'modes': {name: each.value for name, each in pod.modes.items()},
    }


def _nodes(pod: 'pods.Pod') -> list[dict[str, typing.Any]]:
    return [
        {
            'id': node.id,
            'name': node.name,
            'description': node.description,
            'state': node.state,
            'system': pod.layout.system_path(node.system),
            'attached': [each.path for each in pod.pool.held_by(node.id)],
        }
        for node in list(pod.nodes.values())
    ]
