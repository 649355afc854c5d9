"""What a CompositionService offers: the ways to ask it for a system.

Collections carry ``@Redfish.CollectionCapabilities``, each with a use case
and an object that says what a request may hold (Redfish DSP2050).
"""

import functools
from typing import Any

from valence.common import exception
from valence.podm.redfish import parse
from valence.podm.redfish.service import Service

COMPOSE = '#CompositionService.Compose'

_SPECIFIC = 'ComputerSystemComposition'
_CONSTRAINED = 'ComputerSystemConstrainedComposition'
_ON_CREATE = ('RequiredOnCreate', 'OptionalOnCreate', 'SetOnlyOnCreate')


class Offer:
    """The CompositionService of a service, as it is advertised now.

    :param service: what it is read with; all of it is asked for once.
    :param path: of the CompositionService.
    :param systems: path of the collection of systems.
    """

    def __init__(self, service: Service, path: str, systems: str) -> None:
        self._service = service
        self._composition = service.get(path)
        self.systems = systems

    @functools.cached_property
    def zones(self) -> list[str]:
        """Give the paths of the resource zones."""
        path = self._composition.link('ResourceZones')
        return self._service.find_members(path) or []

    @property
    def blocks(self) -> str:
        """Give the path of the collection of resource blocks."""
        path = self._composition.link('ResourceBlocks')
        if path is None:
            raise self._composition.lacks('ResourceBlocks')
        return path

    def check_enabled(self) -> None:
        """Make sure that the service is not switched off.

        :raises UnsupportedAction: if it is.
        """
        if self._composition.flag('ServiceEnabled') is False:
            raise exception.UnsupportedAction(
                action='Composing nodes',
                what=f'{self._service.client.url}: its CompositionService '
                'is disabled',
            )

    def named(self, name: str, description: str, tag: str) -> dict[str, Any]:
        """Give a node's name, with our tag where it can be found again."""
        if self._takes('Description'):
            return {
                'Name': name,
                'Description': f'{description} {tag}'.strip(),
            }
        return {'Name': f'{name} {tag}'}

    @property
    def compose_target(self) -> str | None:
        """Give where manifests go; None where they are not taken."""
        if not self._composition.value('Actions', COMPOSE):
            return None
        return self._composition.target('Actions', COMPOSE, 'target')

    @property
    def constrained(self) -> bool:
        """Tell whether the service chooses by what is asked of a system."""
        return any(use == _CONSTRAINED for use, _object in self._uses)

    @property
    def lists_blocks(self) -> bool:
        """Tell whether there are blocks to choose from."""
        return self._composition.link('ResourceBlocks') is not None

    @property
    def specific(self) -> bool:
        """Tell whether a system may be posted with its blocks."""
        return any(use == _SPECIFIC for use, _object in self._uses)

    def limits(self) -> dict[str, Any]:
        """Give how many blocks of a kind there must and may be."""
        for document in self._objects(_SPECIFIC):
            value = document.value('@Redfish.ResourceBlockLimits')
            if isinstance(value, dict):
                return value
        return {}

    def _takes(self, name: str) -> bool:
        """Tell whether a request may hold a property, as far as told."""
        objects = self._objects(
            _CONSTRAINED if self.constrained else _SPECIFIC
        )
        return not objects or any(
            document.flag(f'{name}@Redfish.{when}')
            for document in objects
            for when in _ON_CREATE
        )

    def _objects(self, use: str) -> list[parse.Document]:
        """Read what may be sent for a use case."""
        paths = [path for each, path in self._uses if path and each == use]
        return self._service.find_each(paths)

    @functools.cached_property
    def _uses(self) -> list[tuple[str | None, str | None]]:
        """Give use case and capabilities object of all that is offered."""
        return [
            (each.text('UseCase'), each.link('CapabilitiesObject'))
            for document in self._service.find_each(
                [self.systems, *self.zones]
            )
            for each in document.part('@Redfish.CollectionCapabilities').parts(
                'Capabilities'
            )
        ]
