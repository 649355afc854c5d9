"""The paths that only Intel RSD has.

With ``routes`` and the documents, all that knows what paths look like.
"""

from collections.abc import Iterator

from valence.simulator import personality as personalities
from valence.simulator import routing
from valence.simulator.documents import (
    accounts,
    capacity,
    nodes,
    services,
    storage,
    switches,
    systems,
)
from valence.simulator.handlers import attachments, reads, rsd_reads
from valence.simulator.handlers import nodes as node_handlers

_Routes = Iterator[tuple[str, routing.Route]]
_Kind = personalities.Personality

_NODE = f'{nodes.PATH}/*'


def _action(path: str, name: str, handler: routing.Handler) -> _Routes:
    yield path, routing.Route(name, actions=routing.action(name, handler))


def _nodes(kind: _Kind) -> _Routes:
    yield nodes.PATH, routing.Route('nodes', nodes.collection)
    yield from _action(nodes.ALLOCATE, 'allocate', node_handlers.allocate)
    yield (
        _NODE,
        routing.Route(
            'node',
            reads.node,
            {
                'PATCH': ('patch_node', node_handlers.patch),
                'DELETE': ('delete', node_handlers.delete),
            },
        ),
    )
    actions = {
        'Assemble': ('assemble', node_handlers.assemble),
        'Reset': ('reset_node', node_handlers.reset),
    }
    if kind.force_delete:
        actions['ForceDelete'] = ('force_delete', node_handlers.delete)
    if kind.attaching is not None:
        actions[kind.attaching.attach] = ('attach', attachments.attach)
        actions[kind.attaching.detach] = ('detach', attachments.detach)
    for verb, (name, handler) in actions.items():
        path = f'{_NODE}/Actions/ComposedNode.{verb}'
        yield from _action(path, name, handler)


def _action_infos(kind: personalities.Attaching) -> _Routes:
    for verb, name, read in (
        (kind.attach, 'attach_info', rsd_reads.attach_info),
        (kind.detach, 'detach_info', rsd_reads.detach_info),
    ):
        path = f'{_NODE}/Actions/{verb}ActionInfo'
        yield path, routing.Route(name, read)


def _reads(
    base: str, found: tuple[tuple[str, str, routing.Reader], ...]
) -> _Routes:
    for segments, name, read in found:
        yield f'{base}{segments}', routing.Route(name, read)


_SWITCHES = (
    ('', 'switches', switches.collection),
    ('/*', 'switch', rsd_reads.switch),
    ('/*/Ports', 'ports', rsd_reads.ports),
    ('/*/Ports/*', 'port', rsd_reads.port),
)

_ACCOUNTS = (
    ('', 'account_service', accounts.service),
    ('/Accounts', 'accounts', accounts.accounts),
    ('/Accounts/*', 'account', rsd_reads.account),
    ('/Roles', 'roles', accounts.roles),
    ('/Roles/*', 'role', rsd_reads.role),
)

_of_service = rsd_reads.of_service
_of_pool = rsd_reads.of_pool

_OWN_STORAGE = (
    ('', 'storage_services', services.services),
    ('/*', 'storage_service', _of_service(services.service)),
    (
        '/*/LogicalDrives',
        'logical_drives',
        _of_service(services.logical_drives),
    ),
    ('/*/LogicalDrives/*', 'logical_drive', rsd_reads.logical_drive),
    ('/*/Drives', 'storage_drives', _of_service(services.drives)),
    ('/*/Drives/*', 'storage_drive', rsd_reads.physical_drive),
    ('/*/Targets', 'targets', _of_service(services.targets)),
    ('/*/Targets/*', 'target', rsd_reads.target),
)

_SWORDFISH = (
    ('', 'storage_services', storage.services),
    ('/*', 'storage_service', _of_service(storage.service)),
    ('/*/Volumes', 'volumes', _of_service(storage.volumes)),
    ('/*/Volumes/*', 'volume', rsd_reads.volume),
    ('/*/Drives', 'storage_drives', _of_service(storage.drives)),
    ('/*/Drives/*', 'storage_drive', rsd_reads.storage_drive),
    ('/*/StoragePools', 'storage_pools', _of_service(storage.pools)),
    ('/*/StoragePools/*', 'storage_pool', _of_pool(storage.pool)),
    (
        '/*/StoragePools/*/AllocatedVolumes',
        'allocated_volumes',
        _of_pool(storage.allocated_volumes),
    ),
    (
        '/*/StoragePools/*/AllocatedPools',
        'allocated_pools',
        _of_pool(storage.allocated_pools),
    ),
)

_SOURCES = (
    (
        '/*/StoragePools/*/CapacitySources/*',
        'capacity_source',
        rsd_reads.pool_source(capacity.source),
    ),
    (
        '/*/StoragePools/*/CapacitySources/*/ProvidingDrives',
        'providing',
        rsd_reads.pool_source(capacity.providers),
    ),
    (
        '/*/Volumes/*/CapacitySources/*',
        'capacity_source',
        rsd_reads.volume_source(capacity.source),
    ),
    (
        '/*/Volumes/*/CapacitySources/*/ProvidingPools',
        'providing',
        rsd_reads.volume_source(capacity.providers),
    ),
)


def _storage(kind: personalities.Storage) -> _Routes:
    if not kind.is_swordfish:
        yield from _reads(services.PATH, _OWN_STORAGE)
        return
    yield from _reads(storage.PATH, _SWORDFISH)
    if kind.sources_apart:
        yield from _reads(storage.PATH, _SOURCES)


def build(kind: _Kind) -> _Routes:
    """Yield the routes that a version has."""
    yield from _nodes(kind)
    yield from _reads(switches.PATH, _SWITCHES)
    if kind.attaching is not None and kind.attaching.informs:
        yield from _action_infos(kind.attaching)
    if kind.storage is not None:
        yield from _storage(kind.storage)
    if kind.has_accounts:
        yield from _reads(accounts.SERVICE, _ACCOUNTS)
    if not kind.links_drives:
        yield (
            f'{systems.PATH}/*/Storage/*/Volumes',
            routing.Route('storage_volumes', reads.storage_volumes),
        )
