"""What a pod tells of itself to tests.  Read from any thread."""

import dataclasses
import typing

if typing.TYPE_CHECKING:
    from valence.simulator import pod as pods


def document(pod: 'pods.Pod') -> dict[str, typing.Any]:
    """Return what happened and how things are."""
    nodes = list(pod.nodes.values())
    return {
        'pod': pod.layout.pod,
        'requests': dict(pod.requests),
        'calls': dict(pod.calls),
        'answers': {str(k): n for k, n in dict(pod.answers).items()},
        'running_most': pod.running_most,
        'redfish_tasks': pod.redfish_tasks,
        'systems': pod.layout.systems,
        'free_systems': pod.layout.systems - len(nodes),
        'made': [dataclasses.asdict(each) for each in pod.made],
        'nodes': [
            {
                'id': node.id,
                'name': node.name,
                'description': node.description,
                'state': node.state,
                'system': pod.layout.system_path(node.system),
            }
            for node in nodes
        ],
        'sessions': len(pod.sessions.all()),
        'modes': {name: each.value for name, each in pod.modes.items()},
    }
