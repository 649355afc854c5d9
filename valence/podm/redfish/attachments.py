"""What can be attached to a composed node of Intel RSD, and detached.

Versions 2.1 and 2.2 attach an endpoint and tell what may be beside the
action; since 2.3 it is a resource, and the ActionInfo of the action tells.
"""

from collections.abc import Sequence
from typing import Any

from valence.common import exception
from valence.podm.redfish import parse
from valence.podm.redfish.service import Service

ATTACH = ('#ComposedNode.AttachResource', '#ComposedNode.AttachEndpoint')
DETACH = ('#ComposedNode.DetachResource', '#ComposedNode.DetachEndpoint')

_INFO = '@Redfish.ActionInfo'
_RESOURCE, _PROTOCOL = 'Resource', 'Protocol'
_VALUES = 'AllowableValues'


class Action:
    """An action of a node that takes a resource, as it is advertised.

    :param names: of the action, in all versions.
    :raises UnsupportedAction: if the node has none.
    """

    def __init__(
        self, service: Service, node: parse.Document, names: Sequence[str]
    ) -> None:
        self._service = service
        found = ((name, node.part('Actions', name)) for name in names)
        action = next((each for each in found if each[1].raw), None)
        if action is None:
            verb = names[0].rpartition('.')[2].removesuffix(_RESOURCE)
            raise exception.UnsupportedAction(
                action=f'{verb}ing resources', what=f'the node {node.path}'
            )
        self.name, self.advertised = action
        self._parameters = self._read(self.advertised)

    def urls(self) -> list[str]:
        """Give the urls that the action may be asked for, as far as told."""
        return self._told() or []

    def body(self, url: str) -> dict[str, Any]:
        """Give what the action is asked with.

        :raises UnsupportedValue: if it is told what the action may be asked
            for, and that is something else.
        """
        told = self._told()
        if told is not None:
            url = parse.check_one_of(_RESOURCE, url, told)
        body: dict[str, Any] = {_RESOURCE: {'@odata.id': url}}
        protocol = self._parameters.get(_PROTOCOL)
        if protocol is not None and protocol.flag('Required'):
            body[_PROTOCOL] = self._protocol(protocol, url)
        return body

    def _told(self) -> list[str] | None:
        """Give what it may be asked for; None if that is not told."""
        holder = self._parameters.get(_RESOURCE)
        told = None if holder is None else _paths(holder, _VALUES)
        for owner in ('Redfish', 'DMTF'):
            if told is None:
                name = f'{_RESOURCE}@{owner}.{_VALUES}'
                told = _paths(self.advertised, name)
        return told

    def _read(self, action: parse.Document) -> dict[str, parse.Document]:
        path = action.find_link(_INFO) or _text_link(action)
        info = self._service.find(path)
        if info is None:
            return {}
        return {
            name: each
            for each in info.parts('Parameters')
            if (name := each.text('Name')) is not None
        }

    def _protocol(self, parameter: parse.Document, url: str) -> str:
        """Choose the protocol: the resource's own, or the only one."""
        values = parameter.texts(_VALUES)
        resource = self._service.find(url)
        own = resource and resource.text(_PROTOCOL)
        if own and (own in values or not values):
            return own
        if not values:
            raise parameter.lacks(f'{_PROTOCOL}/{_VALUES}')
        return values[0]


def _text_link(action: parse.Document) -> str | None:
    # The ActionInfo is a plain string (DSP0266), or a link (some servers).
    text = action.text(_INFO)
    return action.find_path(text, _INFO) if text else None


def _paths(holder: parse.Document, name: str) -> list[str] | None:
    """Give the paths of a list of links, or of plain strings.

    :returns: None if it is neither.
    """
    texts = (holder.find_path(text, name) for text in holder.texts(name))
    found = holder.find_links(name) + [text for text in texts if text]
    return found if found or holder.value(name) == [] else None
