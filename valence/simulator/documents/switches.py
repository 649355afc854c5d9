"""The Ethernet switches: one to a drawer, a port for each interface.

Read only, and no more than what tells how things are wired.
"""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator import profiles
from valence.simulator.documents import common

PATH = f'{layouts.ROOT}/EthernetSwitches'


def wired(pod: pods.Pod, drawer: int) -> list[tuple[int, int]]:
    """Return the system, and its interface from 1, of each port."""
    return [
        (index, number + 1)
        for index in pod.layout.systems_in(drawer)
        for number in range(len(profiles.profile_of(index).interfaces))
    ]


def collection(pod: pods.Pod) -> common.Json:
    """Return all switches."""
    return common.collection(
        PATH,
        'EthernetSwitchCollection',
        'Ethernet Switch Collection',
        (pod.layout.switch_path(n) for n in range(pod.layout.drawers)),
    )


def switch(pod: pods.Pod, drawer: int) -> common.Json:
    """Return the switch of a drawer."""
    layout = pod.layout
    path = layout.switch_path(drawer)
    return {
        **common.header(
            path,
            'EthernetSwitch.v1_0_0.EthernetSwitch',
            layout.ids.switch(drawer),
            f'Switch of drawer {drawer + 1}',
        ),
        'SwitchId': f'sw{drawer + 1}',
        'Manufacturer': 'Intel Corporation',
        'SerialNumber': layout.serial('SWI', drawer),
        'Role': 'TOR',
        'Status': common.HEALTHY,
        'Ports': common.link(f'{path}/Ports'),
        'Links': {
            'Chassis': common.link(layout.drawer_path(drawer)),
            'ManagedBy': common.links([layout.manager_path(drawer)]),
        },
    }


def ports(pod: pods.Pod, drawer: int) -> common.Json:
    """Return the ports of a switch."""
    path = f'{pod.layout.switch_path(drawer)}/Ports'
    count = len(wired(pod, drawer))
    return common.collection(
        path,
        'EthernetSwitchPortCollection',
        'Ethernet Switch Port Collection',
        (f'{path}/{number}' for number in range(1, count + 1)),
    )


def port(pod: pods.Pod, drawer: int, number: int) -> common.Json:
    """Return a port, counted from 1."""
    index, interface = wired(pod, drawer)[number - 1]
    item = profiles.profile_of(index).interfaces[interface - 1]
    path = pod.layout.switch_path(drawer)
    return {
        **common.header(
            f'{path}/Ports/{number}',
            'EthernetSwitchPort.v1_0_0.EthernetSwitchPort',
            str(number),
            f'Port {number}',
        ),
        'PortId': f'sw{drawer + 1}p{number}',
        'PortClass': 'Physical',
        'PortType': 'Downstream',
        'PortMode': 'Regular',
        'LinkType': 'Ethernet',
        'LinkSpeedMbps': item.speed_mbps,
        'AdministrativeState': 'Up',
        'OperationalState': 'Up',
        'NeighborMAC': pod.layout.mac(index, interface),
        'Status': common.OK,
        'Links': {'Switch': common.link(path)},
    }
