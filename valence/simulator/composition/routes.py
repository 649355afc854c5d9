"""The paths of a CompositionService and of what it composes.

A client must follow links; only this module and the documents know that
the paths look like this.
"""

from collections.abc import Iterator

from valence.simulator import personality as personalities
from valence.simulator import routing
from valence.simulator.composition import blocks, reservations, systems
from valence.simulator.composition.documents import blocks as block_documents
from valence.simulator.composition.documents import capabilities, service
from valence.simulator.composition.documents import (
    systems as system_documents,
)
from valence.simulator.composition.handlers import blocks as block_handlers
from valence.simulator.composition.handlers import (
    manifests as manifest_handlers,
)
from valence.simulator.composition.handlers import reads
from valence.simulator.composition.handlers import systems as system_handlers

_Routes = Iterator[tuple[str, routing.Route]]


def _service() -> _Routes:
    for path, name, read in (
        (service.PATH, 'composition_service', service.service),
        (service.ZONES, 'zones', service.zones),
        (f'{service.ZONES}/*', 'zone', reads.zone),
        (service.FREE_POOL, 'free_pool', service.free_pool),
        (service.ACTIVE_POOL, 'active_pool', service.active_pool),
        (blocks.PATH, 'blocks', block_documents.collection),
        (f'{blocks.PATH}/*/Processors/*', 'processor', reads.processor),
        (f'{blocks.PATH}/*/Memory/*', 'memory', reads.module),
        (f'{blocks.PATH}/*/Storage/*', 'storage', reads.storage),
        (
            f'{blocks.PATH}/*/EthernetInterfaces/*',
            'interface',
            reads.interface,
        ),
    ):
        yield path, routing.Route(name, read)
    yield (
        f'{blocks.PATH}/*',
        routing.Route(
            'block',
            reads.block,
            {'PATCH': ('patch_block', block_handlers.patch)},
        ),
    )


def _systems(personality: personalities.Personality) -> _Routes:
    by_manifest = personality.takes_manifests
    yield (
        systems.PATH,
        routing.Route(
            'systems',
            system_documents.collection,
            {}
            if by_manifest
            else routing.action('compose', system_handlers.compose),
        ),
    )
    actions = {'PATCH': ('patch_system', system_handlers.patch)}
    if not by_manifest:
        actions['DELETE'] = ('decompose', system_handlers.delete)
    yield (
        f'{systems.PATH}/*',
        routing.Route('system', reads.system, actions),
    )
    for name in system_documents.COLLECTIONS:
        yield (
            f'{systems.PATH}/*/{name}',
            routing.Route(f'system_{name.lower()}', reads.members(name)),
        )
    for action, kind, handler in (
        ('Reset', 'reset_system', system_handlers.reset),
        ('AddResourceBlock', 'add_block', system_handlers.add_block),
        ('RemoveResourceBlock', 'remove_block', system_handlers.remove_block),
    ):
        yield (
            f'{systems.PATH}/*/Actions/ComputerSystem.{action}',
            routing.Route(kind, actions=routing.action(kind, handler)),
        )


def _capabilities(personality: personalities.Personality) -> _Routes:
    for way, path, read in (
        (
            personalities.SPECIFIC,
            capabilities.SPECIFIC,
            capabilities.specific,
        ),
        (
            personalities.CONSTRAINED,
            capabilities.CONSTRAINED,
            capabilities.constrained,
        ),
    ):
        if way in personality.compositions:
            yield path, routing.Route('capabilities', read)


def _manifests() -> _Routes:
    yield (
        service.COMPOSE,
        routing.Route(
            'compose',
            actions=routing.action('compose', manifest_handlers.compose),
        ),
    )
    yield (
        reservations.PATH,
        routing.Route('reservations', service.reservation_collection),
    )
    yield (
        f'{reservations.PATH}/*',
        routing.Route(
            'reservation',
            reads.reservation,
            {'DELETE': ('delete_reservation', manifest_handlers.delete)},
        ),
    )


def build(personality: personalities.Personality) -> _Routes:
    """Yield the routes that a personality has."""
    yield from _service()
    yield from _systems(personality)
    if personality.takes_manifests:
        yield from _manifests()
    else:
        yield from _capabilities(personality)
