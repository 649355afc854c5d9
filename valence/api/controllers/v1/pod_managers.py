"""Pod managers: registered here, never in a configuration file.

Credentials go from the request into the database and nowhere else: they do
not travel on the bus.
"""

from collections.abc import Sequence
from typing import Any

from oslo_utils import uuidutils

from valence.api import asynchronous, lists, syncs
from valence.api.controllers.base import Controller
from valence.api.deps import Deps
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.api.types.pod_managers import PodManagerCreate, PodManagerPatch
from valence.common import exception, http_addresses, http_links
from valence.common.states import PodManagerStatus
from valence.conductor import rpcapi as conductor
from valence.db.api import Query, Tables
from valence.objects.event import Look
from valence.objects.pod_manager import PodManager
from valence.podm.pool import known_drivers

_DEFAULT_DRIVER = 'redfishv1'
#: Fields that may be why a pod manager does not answer.
_REACHED_BY = frozenset({'tls', 'url'})
#: Closes the breaker, and makes a sync due that tells the rest.
_TRY_AT_ONCE = {'failures': 0, 'retry_at': None, 'next_sync_at': 0}


class PodManagersController(Controller):
    item = 'pod_manager'

    def __init__(self, deps: Deps) -> None:
        super().__init__(deps)
        self.item_children = {'sync': SyncController(deps)}

    @expose('valence:pod_managers:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_query(
            req,
            filters=('driver', 'name', 'status', 'url'),
            sort_keys=('name', 'status', 'updated_at'),
            max_limit=self.deps.max_limit,
        )
        found = self.deps.conductor.list_pod_managers(req.ctxt, query)
        return lists.answer(req, found, query)

    @expose('valence:pod_managers:get')
    def get_one(self, pod_manager: str, *, req: Request) -> Any:
        return self.deps.conductor.get_pod_manager(req.ctxt, pod_manager)

    @expose('valence:pod_managers:create', body=PodManagerCreate, status=201)
    def post(self, *, req: Request) -> Any:
        uuid = uuidutils.generate_uuid()
        task = syncs.new_task(req, uuid)
        values = {
            'driver': _DEFAULT_DRIVER,
            'max_tasks': self.deps.max_tasks,
            **self._checked(req),
            'uuid': uuid,
            'status': PodManagerStatus.UNKNOWN,
            'usage': {},
            'task_uuid': task.uuid,
        }
        self.deps.submitter.submit(
            task, lambda tables: tables.pod_managers.create(values=values)
        )
        # That it may have ended by now does not matter to who asks for it.
        return {**self._probed(req, uuid), 'task_uuid': task.uuid}

    def _probed(self, req: Request, uuid: str) -> Any:
        """Give the new record; a conductor that is away costs its status."""
        try:
            return self.deps.conductor.probe_pod_manager(req.ctxt, uuid)
        except exception.ServiceUnavailable:
            return self.deps.database.pod_managers.get(ident=uuid).as_dict()

    @expose('valence:pod_managers:update', body=PodManagerPatch)
    def patch(self, pod_manager: str, *, req: Request) -> Any:
        podm = self.deps.database.pod_managers.get(ident=pod_manager)
        values = self._checked(req)
        if podm.broken and values.keys() & _REACHED_BY:
            values |= _TRY_AT_ONCE
        moved = values.get('url', podm.url) != podm.url
        if moved:
            # Events of what was there before are not its own.
            values['event_digest'] = None
        changed = self.deps.database.pod_managers.update(
            uuid=podm.uuid, values=values
        )
        if moved:
            self.deps.reception.forget(podm.uuid)
            self.deps.reception.note(podm.uuid, Look.SYNC)
        return changed.as_dict()

    def _checked(self, req: Request) -> dict[str, Any]:
        return _checked(req.body.given(), self.deps.allowed_networks)

    @expose('valence:pod_managers:delete', status=202)
    def delete(self, pod_manager: str, *, req: Request) -> Answer:
        podm = self.deps.database.pod_managers.get(ident=pod_manager)
        force = req.flag('force')
        if podm.status == PodManagerStatus.DELETING:
            raise exception.Busy(
                kind='Pod Manager', name=podm.name, task=podm.task_uuid
            )
        task = asynchronous.new_task(
            req,
            action='delete_pod_manager',
            topic=conductor.TOPIC,
            request={'force': force, 'was': podm.status},
            podm_id=podm.uuid,
            resource_type='pod_manager',
            resource_uuid=podm.uuid,
        )

        def reserve(tables: Tables) -> None:
            tables.pod_managers.reserve_deletion(
                uuid=podm.uuid, task_uuid=task.uuid
            )
            # After that: from now on no node comes.
            if not force:
                _refuse_in_use(tables, podm)

        return asynchronous.submit(
            self.deps,
            req,
            task,
            full=lambda: asynchronous.confirmation(req, '', 'DELETED'),
            also=reserve,
        )


class SyncController(Controller):
    @expose('valence:pod_managers:sync', status=202)
    def post(self, pod_manager: str, *, req: Request) -> Answer:
        podm = self.deps.database.pod_managers.get(ident=pod_manager)
        task = syncs.new_task(req, podm.uuid)

        def show() -> Any:
            return self.deps.conductor.get_pod_manager(req.ctxt, podm.uuid)

        try:
            return asynchronous.submit(
                self.deps,
                req,
                task,
                full=show,
                also=lambda tables: tables.pod_managers.reserve(
                    uuid=podm.uuid, task_uuid=task.uuid
                ),
            )
        except exception.Busy as error:
            running = syncs.same_work(self.deps, error)
            if running is None:
                raise
            # It may have passed what the request is about.
            self.deps.database.pod_managers.note_event(
                uuid=podm.uuid, syncs=True, interval=0
            )
            return asynchronous.join(self.deps, req, running, show)


def _refuse_in_use(tables: Tables, podm: PodManager) -> None:
    nodes = tables.nodes.list(query=Query(filters={'podm_id': podm.uuid}))
    if nodes:
        names = ', '.join(node.name for node in nodes)
        raise exception.PodManagerInUse(podm=podm.name, nodes=names)


def _checked(
    given: dict[str, Any], allowed: Sequence[http_addresses.Network]
) -> dict[str, Any]:
    """Check what only we know to check: what hangs together.

    :param allowed: networks that a url may lead to in any case.
    """
    if 'url' in given:
        given['url'] = _checked_url(given['url'], allowed)
    tls = given.get('tls', {})
    if tls.get('verify') is False and len(tls) > 1:
        raise exception.ValidationError(
            detail='tls.verify is false, so nothing else of tls may be given.'
        )
    if 'driver' in given and given['driver'] not in known_drivers():
        raise exception.DriverNotFound(
            driver=given['driver'], known=', '.join(known_drivers())
        )
    return given


def _checked_url(url: str, allowed: Sequence[http_addresses.Network]) -> str:
    """Check a url; where its name leads is checked at each call."""
    printable = url.isprintable() and ' ' not in url
    try:
        host = http_links.read_origin(url).host
    except ValueError:
        printable = False
    if not printable or any(mark in url for mark in '@?#\\'):
        raise exception.ValidationError(
            detail='url must be of the form https://host[:port], without '
            'credentials, query and fragment.'
        )
    kind = http_addresses.refusal_of(host, allowed)
    if kind is not None:
        raise exception.ValidationError(
            detail=f'url must not lead to {host}, which is {kind}, unless '
            f'{http_addresses.OPTION} has it.'
        )
    return url.rstrip('/')
