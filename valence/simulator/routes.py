"""The paths of the service.

A client must follow links; only this module and the documents know that
the paths look like this.
"""

from valence.simulator import exchange, routing, rsd_routes
from valence.simulator import personality as personalities
from valence.simulator.composition import routes as composition_routes
from valence.simulator.documents import (
    chassis,
    events,
    managers,
    root,
    sessions,
    systems,
    tasks,
)
from valence.simulator.eem import routes as eem_routes
from valence.simulator.handlers import events as event_handlers
from valence.simulator.handlers import reads
from valence.simulator.handlers import sessions as session_handlers
from valence.simulator.handlers import systems as system_handlers
from valence.simulator.handlers import tasks as task_handlers

_READ_FREELY = frozenset({'GET', 'HEAD'})


def _metadata(call: exchange.Call) -> exchange.Reply:
    headers = {'Content-Type': 'application/xml'}
    return exchange.Reply(headers=headers, body=root.METADATA)


_SERVICE = (
    ('/redfish', routing.Route('versions', root.versions, {}, _READ_FREELY)),
    (root.ROOT, routing.Route('root', root.service_root, {}, _READ_FREELY)),
    (
        f'{root.ROOT}/odata',
        routing.Route('odata', root.odata, {}, _READ_FREELY),
    ),
    (
        f'{root.ROOT}/$metadata',
        routing.Route(
            'metadata',
            actions={'GET': ('metadata', _metadata)},
            public=_READ_FREELY,
        ),
    ),
)

_SESSIONS = (
    (
        sessions.SERVICE,
        routing.Route('session_service', sessions.service),
    ),
    (
        sessions.PATH,
        routing.Route(
            'sessions',
            sessions.collection,
            routing.action('login', session_handlers.login),
            frozenset({'POST'}),
        ),
    ),
    (
        f'{sessions.PATH}/*',
        routing.Route(
            'session',
            reads.session,
            {'DELETE': ('logout', session_handlers.logout)},
        ),
    ),
)

_EVENTS = (
    (events.SERVICE, routing.Route('event_service', events.service)),
    (
        events.PATH,
        routing.Route(
            'subscriptions',
            events.collection,
            routing.action('subscribe', event_handlers.subscribe),
        ),
    ),
    (
        f'{events.PATH}/*',
        routing.Route(
            'subscription',
            event_handlers.subscription,
            {'DELETE': ('unsubscribe', event_handlers.unsubscribe)},
        ),
    ),
    (
        events.STREAM,
        routing.Route(
            'event_stream',
            actions={'GET': ('event_stream', event_handlers.stream)},
        ),
    ),
)

_PLACES = (
    (chassis.PATH, routing.Route('chassis_collection', chassis.collection)),
    (f'{chassis.PATH}/*', routing.Route('chassis', reads.chassis)),
    (f'{chassis.PATH}/*/Drives', routing.Route('drives', reads.drives)),
    (f'{chassis.PATH}/*/Drives/*', routing.Route('drive', reads.drive)),
    (f'{chassis.PATH}/*/PCIeDevices/*', routing.Route('device', reads.device)),
    (
        f'{chassis.PATH}/*/PCIeDevices/*/Functions/*',
        routing.Route('function', reads.function),
    ),
    (managers.PATH, routing.Route('managers', managers.collection)),
    (f'{managers.PATH}/*', routing.Route('manager', reads.manager)),
)

_SYSTEMS = (
    (systems.PATH, routing.Route('systems', systems.collection)),
    (
        f'{systems.PATH}/*',
        routing.Route(
            'system',
            reads.system,
            {'PATCH': ('patch_system', system_handlers.patch)},
        ),
    ),
    (
        f'{systems.PATH}/*/Actions/ComputerSystem.Reset',
        routing.Route(
            'reset_system',
            actions=routing.action('reset_system', system_handlers.reset),
        ),
    ),
)

_COMPONENTS = tuple(
    (f'{systems.PATH}/*/{segments}', routing.Route(name, read))
    for segments, name, read in (
        ('Processors', 'processors', reads.processors),
        ('Processors/*', 'processor', reads.processor),
        ('Memory', 'memory_collection', reads.modules),
        ('Memory/*', 'memory', reads.module),
        ('Storage', 'storages', reads.storages),
        ('Storage/*', 'storage', reads.storage),
        ('SimpleStorage', 'simple_storages', reads.simple_storages),
        ('SimpleStorage/*', 'simple_storage', reads.simple_storage),
        ('EthernetInterfaces', 'interfaces', reads.interfaces),
        ('EthernetInterfaces/*', 'interface', reads.interface),
    )
)

_TASKS = (
    (tasks.SERVICE, routing.Route('task_service', tasks.service)),
    (tasks.PATH, routing.Route('tasks', tasks.collection)),
    (
        f'{tasks.PATH}/*',
        routing.Route(
            'task',
            reads.task,
            {'DELETE': ('delete_task', task_handlers.delete)},
        ),
    ),
    (
        f'{tasks.PATH}/*/Monitor',
        routing.Route(
            'task_monitor',
            actions={'GET': ('task_monitor', task_handlers.monitor)},
        ),
    ),
)


def build(personality: personalities.Personality) -> routing.Router:
    """Return the routes that a personality has."""
    if personality.is_eem:
        return routing.Router(eem_routes.ROUTES)
    found = _SERVICE + _EVENTS + _PLACES
    if personality.compositions:
        found += tuple(composition_routes.build(personality))
    else:
        found += _SYSTEMS + _COMPONENTS
    if personality.has_sessions:
        found += _SESSIONS
    if personality.composes:
        found += tuple(rsd_routes.build(personality))
    if personality.has_tasks:
        found += _TASKS
    return routing.Router(found)
