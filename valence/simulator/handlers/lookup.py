"""Find what the ids in a path mean, or answer 404."""

from collections.abc import Sized

from valence.simulator import errors
from valence.simulator import layout as layouts
from valence.simulator import pod as pods


def _missing(*parts: str) -> errors.RedfishError:
    return errors.unknown_endpoint('/'.join((layouts.ROOT, *parts)))


def system(pod: pods.Pod, system_id: str) -> int:
    """Return the index of a system.

    :raises RedfishError: 404
    """
    index = pod.layout.system_index(system_id)
    if index is None:
        raise _missing('Systems', system_id)
    return index


def sled(pod: pods.Pod, chassis_id: str) -> int:
    """Return the index of the system in a sled.

    :raises RedfishError: 404
    """
    index = pod.layout.sled_index(chassis_id)
    if index is None:
        raise _missing('Chassis', chassis_id)
    return index


def manager(pod: pods.Pod, manager_id: str) -> int:
    """Return the number of the drawer of a manager.

    :raises RedfishError: 404
    """
    drawer = pod.layout.drawer_index(manager_id, 'm')
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
