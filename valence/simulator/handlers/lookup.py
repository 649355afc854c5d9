"""Find what the ids in a path mean, or answer 404."""

from collections.abc import Sized

from valence.simulator import errors, pooled
from valence.simulator import layout as layouts
from valence.simulator import pod as pods


def _missing(*parts: str) -> errors.RedfishError:
    return errors.unknown_endpoint('/'.join((layouts.ROOT, *parts)))


def system(pod: pods.Pod, system_id: str) -> int:
    """Return the index of a system.

    :raises RedfishError: 404
    """
    index = pod.layout.ids.system_indexes.get(system_id)
    if index is None:
        raise _missing('Systems', system_id)
    return index


def sled(pod: pods.Pod, chassis_id: str) -> int:
    """Return the index of the system in a sled.

    :raises RedfishError: 404
    """
    index = pod.layout.ids.sled_indexes.get(chassis_id)
    if index is None:
        raise _missing('Chassis', chassis_id)
    return index


def is_jbof(pod: pods.Pod, chassis_id: str) -> bool:
    """Tell whether a chassis is the box of pooled drives."""
    has_one = pod.personality.storage is not None
    return has_one and chassis_id == pod.layout.ids.jbof


def manager(pod: pods.Pod, manager_id: str) -> int:
    """Return the number of the drawer of a manager.

    :raises RedfishError: 404
    """
    drawer = pod.layout.ids.manager_numbers.get(manager_id)
    if drawer is None:
        raise _missing('Managers', manager_id)
    return drawer


def component(items: Sized, own_id: str) -> int:
    """Return the number of a component, counted from 1.

    :raises RedfishError: 404
    """
    number = int(own_id) if own_id.isdecimal() else 0
    if str(number) != own_id or not 1 <= number <= len(items):
        raise _missing('...', own_id)
    return number


def only(own_id: str, wanted: str) -> None:
    """Check the id of what there is only one of.

    :raises RedfishError: 404
    """
    if own_id != wanted:
        raise _missing('...', own_id)


def switch(pod: pods.Pod, switch_id: str) -> int:
    """Return the number of the drawer of a switch.

    :raises RedfishError: 404
    """
    drawer = pod.layout.ids.switch_numbers.get(switch_id)
    if drawer is None:
        raise _missing('EthernetSwitches', switch_id)
    return drawer


def volume(pod: pods.Pod, volume_id: str) -> int:
    """Return the number of a volume, counted from 1.

    :raises RedfishError: 404
    """
    for number in range(len(pooled.VOLUMES_GIB)):
        if pod.layout.ids.volume(number) == volume_id:
            return number + 1
    raise _missing('...', volume_id)
