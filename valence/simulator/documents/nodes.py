"""Composed nodes, as version 2.3 of the RSD API shows them."""

from valence.simulator import candidates, computers, nodes, profiles
from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator.documents import common, systems

PATH = f'{layouts.ROOT}/Nodes'
ALLOCATE = f'{PATH}/Actions/Allocate'

_STATUS = {
    nodes.ALLOCATED: {'State': 'StandbyOffline', 'Health': 'OK'},
    nodes.ASSEMBLING: {'State': 'Starting', 'Health': 'OK'},
    nodes.ASSEMBLED: {'State': 'Enabled', 'Health': 'OK'},
    nodes.FAILED: {'State': 'UnavailableOffline', 'Health': 'Critical'},
}


def path_of(node: nodes.Node) -> str:
    """Return the path of a node."""
    return f'{PATH}/{node.id}'


def collection(pod: pods.Pod) -> common.Json:
    """Return all nodes, and how to make more."""
    return {
        **common.collection(
            PATH,
            'ComposedNodeCollection',
            'Composed Node Collection',
            map(path_of, pod.nodes.values()),
        ),
        'Actions': {'#ComposedNodeCollection.Allocate': {'target': ALLOCATE}},
    }


def node(pod: pods.Pod, one: nodes.Node) -> common.Json:
    """Return a node."""
    path = path_of(one)
    state = pod.state_of(one.system)
    profile = profiles.profile_of(one.system)
    status = _STATUS[one.state]
    return {
        **common.header(
            path, 'ComposedNode.v1_1_0.ComposedNode', one.id, one.name
        ),
        'Description': one.description,
        'SystemType': 'Logical',
        'UUID': one.uuid,
        'AssetTag': state.asset_tag,
        'Manufacturer': 'Intel Corporation',
        'Model': profile.model,
        'SerialNumber': pod.layout.serial('SYS', one.system),
        'PowerState': state.power,
        'ComposedNodeState': one.state,
        'Status': {**status, 'HealthRollup': status['Health']},
        'Boot': systems.boot(state),
        'ClearTPMOnDelete': one.clear_tpm,
        'Processors': {
            'Count': len(profile.processors),
            'Model': profile.processors[0].model,
            'Status': common.OK,
        },
        'Memory': {
            'TotalSystemMemoryGiB': profile.memory_mib // 1024,
            'Status': common.OK,
        },
        'Links': _links(pod, one),
        'Actions': {
            '#ComposedNode.Assemble': {
                'target': f'{path}/Actions/ComposedNode.Assemble'
            },
            '#ComposedNode.Reset': {
                'target': f'{path}/Actions/ComposedNode.Reset',
                'ResetType@Redfish.AllowableValues': computers.RESET_TYPES,
            },
        },
    }


def _links(pod: pods.Pod, one: nodes.Node) -> common.Json:
    parts = candidates.Candidate(pod.layout, one.system)
    drawer = pod.layout.drawer_of(one.system)
    return {
        'ComputerSystem': common.link(pod.layout.system_path(one.system)),
        'Processors': common.links(each.path for each in parts.processors),
        'Memory': common.links(each.path for each in parts.modules),
        'EthernetInterfaces': common.links(
            each.path for each in parts.interfaces
        ),
        'LocalDrives': common.links(each.path for each in parts.drives),
        'RemoteDrives': [],
        'ManagedBy': common.links([pod.layout.manager_path(drawer)]),
    }
