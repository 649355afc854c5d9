"""The paths of an ExpEther manager."""

import typing
import urllib.parse

from valence.simulator import exchange, routing
from valence.simulator.eem import devices, errors

if typing.TYPE_CHECKING:
    from valence.simulator import pod as pods

BASE = '/eem'


def _version(pod: 'pods.Pod') -> exchange.Json:
    return {'version_number': 'v1.0'}


def _groups(pod: 'pods.Pod') -> exchange.Json:
    return {'groups': [{'id': group} for group in pod.eem.groups()]}


def _device(pod: 'pods.Pod', own_id: str) -> exchange.Json:
    return _stamped(device=pod.eem.get(own_id).document())


def _ids(call: exchange.Call) -> exchange.Reply:
    found = [{'id': device.id} for device in _asked(call)]
    return exchange.Reply(document=_stamped(devices=found))


def _details(call: exchange.Call) -> exchange.Reply:
    found = [device.document() for device in _asked(call)]
    return exchange.Reply(document=_stamped(devices=found))


def _asked(call: exchange.Call) -> list[devices.Device]:
    query = dict(urllib.parse.parse_qsl(call.query))
    return call.pod.eem.all(query.get('status'), query.get('group_id'))


def _stamped(**document: typing.Any) -> exchange.Json:
    return {**document, 'timestamp': str(devices.milliseconds())}


def _join(call: exchange.Call, own_id: str) -> exchange.Reply:
    """Put a device into a group; null is one that nothing is in."""
    device = call.pod.eem.get(own_id)
    group = call.json().get('group_id')
    if group is None:
        group = call.pod.eem.unused_group()
    elif not _is_group(group):
        raise errors.wrong_group(group)
    device.move(group)
    document = {'group_id': group, 'update_time': str(device.changed)}
    return exchange.Reply(document=document)


def _is_group(value: object) -> bool:
    return (
        isinstance(value, str)
        and value.isdecimal()
        and devices.FIRST_GROUP <= int(value) <= devices.LAST_GROUP
    )


def _leave(call: exchange.Call, own_id: str) -> exchange.Reply:
    """Return a device to the default group of its kind."""
    device = call.pod.eem.get(own_id)
    device.move(devices.DEFAULT_GROUPS[device.status])
    return exchange.Reply(document={'update_time': str(device.changed)})


ROUTES = (
    (f'{BASE}/api_version', routing.Route('api_version', _version)),
    (f'{BASE}/groups', routing.Route('groups', _groups)),
    (
        f'{BASE}/devices',
        routing.Route('devices', actions={'GET': ('devices', _ids)}),
    ),
    (
        f'{BASE}/devices/detail',
        routing.Route('details', actions={'GET': ('details', _details)}),
    ),
    (f'{BASE}/devices/*', routing.Route('device', _device)),
    (
        f'{BASE}/devices/*/group_id',
        routing.Route(
            'group',
            actions={
                'PUT': ('join', _join),
                'DELETE': ('leave', _leave),
            },
        ),
    ),
)
