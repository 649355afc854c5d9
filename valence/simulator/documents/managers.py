"""The managers: one to a drawer."""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator.documents import common

PATH = f'{layouts.ROOT}/Managers'


def collection(pod: pods.Pod) -> common.Json:
    """Return all managers."""
    return common.collection(
        PATH,
        'ManagerCollection',
        'Manager Collection',
        (pod.layout.manager_path(n) for n in range(pod.layout.drawers)),
    )


def manager(pod: pods.Pod, number: int) -> common.Json:
    """Return the manager of a drawer."""
    layout = pod.layout
    return {
        **common.header(
            layout.manager_path(number),
            'Manager.v1_2_0.Manager',
            layout.manager_id(number),
            f'Manager of drawer {number + 1}',
        ),
        'ManagerType': 'EnclosureManager',
        'Model': 'Pooled System Management Engine',
        'FirmwareVersion': '2.3.0.47.0',
        'PowerState': 'On',
        'Status': common.HEALTHY,
        'Links': {
            'ManagerForServers': common.links(
                dict.fromkeys(
                    path
                    for index in layout.systems_in(number)
                    for path in pod.systems_at(index)
                )
            ),
            'ManagerForChassis': common.links([layout.drawer_path(number)]),
        },
    }
