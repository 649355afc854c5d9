"""Composed nodes, as versions 2.1 to 2.5 of the RSD API show them."""

from valence.simulator import candidates, computers, nodes, profiles
from valence.simulator import layout as layouts
from valence.simulator import personality as personalities
from valence.simulator import pod as pods
from valence.simulator.documents import attachments, common, systems

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
        'Actions': {pod.personality.allocate: {'target': ALLOCATE}},
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
        'Boot': systems.boot(pod, one.system),
        **_properties(pod.personality, one),
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
        'Actions': _actions(pod, one),
    }


def _properties(
    kind: personalities.Personality, one: nodes.Node
) -> common.Json:
    """Return what not all versions have."""
    found: common.Json = {}
    if kind.clears_tpm:
        found['ClearTPMOnDelete'] = one.clear_tpm
    memory = kind.memory_on_delete
    if memory is not None:
        chosen = one.memory_on_delete
        found[memory.name] = memory.usual if chosen is None else chosen
    if kind.tagged_values:
        found['Oem'] = {'Intel_RackScale': {'TaggedValues': one.tagged_values}}
    return found


def _links(pod: pods.Pod, one: nodes.Node) -> common.Json:
    parts = candidates.Candidate(pod.layout, one.system)
    system = pod.layout.system_path(one.system)
    found = {
        'ComputerSystem': common.link(system),
        'Processors': common.links(each.path for each in parts.processors),
        'Memory': common.links(each.path for each in parts.modules),
        'EthernetInterfaces': common.links(
            each.path for each in parts.interfaces
        ),
    }
    if not pod.personality.links_drives:
        return {**found, 'Storage': common.links([f'{system}/Storage/1'])}
    drawer = pod.layout.drawer_of(one.system)
    return {
        **found,
        'LocalDrives': common.links(
            [each.path for each in parts.drives]
            + attachments.paths_of(pod, one, remote=False)
        ),
        'RemoteDrives': common.links(
            attachments.paths_of(pod, one, remote=True)
        ),
        'ManagedBy': common.links([pod.layout.manager_path(drawer)]),
    }


def _actions(pod: pods.Pod, one: nodes.Node) -> common.Json:
    path = path_of(one)
    targets = {
        verb: {'target': f'{path}/Actions/ComposedNode.{verb}'}
        for verb in ('Assemble', 'Reset', 'ForceDelete')
    }
    reset = {
        **targets['Reset'],
        pod.personality.allowable('ResetType'): computers.RESET_TYPES,
    }
    found = {
        '#ComposedNode.Assemble': targets['Assemble'],
        '#ComposedNode.Reset': reset,
        **attachments.actions(pod, one, path),
    }
    if pod.personality.force_delete:
        found['#ComposedNode.ForceDelete'] = targets['ForceDelete']
    return found
