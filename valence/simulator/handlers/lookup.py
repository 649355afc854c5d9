"""Find what the ids in a path mean, or answer 404."""

from collections.abc import Mapping, Sized

from valence.simulator import errors, pooled
from valence.simulator import layout as layouts
from valence.simulator import pod as pods


def _missing(*parts: str) -> errors.RedfishError:
    return errors.unknown_endpoint('/'.join((layouts.ROOT, *parts)))


def _number(known: Mapping[str, int], collection: str, own_id: str) -> int:
    number = known.get(own_id)
    if number is None:
        raise _missing(collection, own_id)
    return number


def system(pod: pods.Pod, system_id: str) -> int:
    """Return the index of a system.

    :raises RedfishError: 404
    """
    return _number(pod.layout.ids.system_indexes, 'Systems', system_id)


def sled(pod: pods.Pod, chassis_id: str) -> int:
    """Return the index of the system in a sled.

    :raises RedfishError: 404
    """
    return _number(pod.layout.ids.sled_indexes, 'Chassis', chassis_id)


def is_jbof(pod: pods.Pod, chassis_id: str) -> bool:
    """Tell whether a chassis is the box of pooled drives."""
    has_one = pod.personality.storage is not None
    return has_one and chassis_id == pod.layout.ids.jbof


def manager(pod: pods.Pod, manager_id: str) -> int:
    """Return the number of the drawer of a manager.

    :raises RedfishError: 404
    """
    return _number(pod.layout.ids.manager_numbers, 'Managers', manager_id)


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
    return _number(
        pod.layout.ids.switch_numbers, 'EthernetSwitches', switch_id
    )


def volume(pod: pods.Pod, volume_id: str) -> int:
    """Return the number of a volume, counted from 1.

    :raises RedfishError: 404
    """
    for number in range(len(pooled.VOLUMES_GIB)):
        if pod.layout.ids.volume(number) == volume_id:
            return number + 1
    raise _missing('...', volume_id)
