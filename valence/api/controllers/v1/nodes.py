"""Composed nodes."""

import uuid
from typing import Any

from oslo_utils import uuidutils

from valence.api import asynchronous, lists
from valence.api.controllers.base import Controller
from valence.api.controllers.v1.actions import read_action
from valence.api.controllers.v1.nodes_manage import ManageController
from valence.api.deps import Deps
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.api.types.nodes import Action, NodeCreate, NodePatch
from valence.common import exception
from valence.common.states import NodeState
from valence.compute import rpcapi as compute
from valence.conductor import rpcapi as conductor
from valence.db.api import Tables
from valence.objects.node import Node


class NodesController(Controller):
    item = 'node'

    def __init__(self, deps: Deps) -> None:
        super().__init__(deps)
        self.children = {'manage': ManageController(deps)}
        self.item_children = {'action': NodeActionController(deps)}

    @expose('valence:nodes:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_query(
            req,
            filters=('managed_by', 'name', 'podm_id', 'state', 'uuid'),
            sort_keys=('name', 'state', 'updated_at'),
            max_limit=self.deps.max_limit,
        )
        if req.project_id is not None:
            query['filters']['project_id'] = req.project_id
        found = self.deps.compute.list_nodes(req.ctxt, query)
        return lists.answer(req, found, query)

    @expose('valence:nodes:get')
    def get_one(self, node: str, *, req: Request) -> Any:
        return self.deps.compute.get_node(req.ctxt, node, req.project_id)

    @expose('valence:nodes:create', body=NodeCreate, status=202)
    def post(self, *, req: Request) -> Answer:
        given = req.body.given()
        podm = self._named_pod_manager(given)
        properties, flavor_uuid = self._properties(given, req)
        node_uuid = uuidutils.generate_uuid()
        request = {
            'name': given['name'],
            'description': given.get('description', ''),
            'podm_id': podm,
            'properties': properties,
        }
        task = asynchronous.new_task(
            req,
            action='compose_node',
            topic=compute.TOPIC if podm else conductor.TOPIC,
            # To choose a pod manager is; to compose is not.
            short=podm is None,
            request=request,
            podm_id=podm,
            resource_type='node',
            resource_uuid=node_uuid,
        )
        values = {
            'uuid': node_uuid,
            'name': given['name'],
            'description': request['description'],
            'podm_id': podm,
            'flavor_uuid': flavor_uuid,
            'requirements': properties,
            'project_id': req.ctxt.project_id or '',
            'user_id': req.ctxt.user_id,
            'state': NodeState.COMPOSING,
            'task_uuid': task.uuid,
        }

        def place(tables: Tables) -> None:
            if podm is None:
                tables.nodes.create(values=values)
            else:
                tables.nodes.create_placed(values=values)

        return asynchronous.submit(
            self.deps,
            req,
            task,
            brief={
                'uuid': node_uuid,
                'name': given['name'],
                'podm_id': podm,
                'index': None,
                'resource_uri': None,
                'state': NodeState.COMPOSING,
            },
            full=lambda: self._show(req, node_uuid),
            also=place,
        )

    @expose('valence:nodes:update', body=NodePatch)
    def patch(self, node: str, *, req: Request) -> Any:
        found = _find(self.deps, req, node)
        self.deps.database.nodes.update(
            uuid=found.uuid, values=req.body.given()
        )
        return self._show(req, found.uuid)

    @expose('valence:nodes:delete', status=202)
    def delete(self, node: str, *, req: Request) -> Answer:
        found = _find(self.deps, req, node)
        task = asynchronous.new_task(
            req,
            action='delete_node',
            topic=compute.TOPIC,
            request={'was': found.state, 'force': req.flag('force')},
            podm_id=found.podm_id,
            resource_type='node',
            resource_uuid=found.uuid,
        )
        return asynchronous.submit(
            self.deps,
            req,
            task,
            full=lambda: asynchronous.confirmation(
                req,
                'DELETED',
                'This composed node has been deleted successfully.',
            ),
            also=lambda tables: tables.nodes.reserve(
                uuid=found.uuid,
                task_uuid=task.uuid,
                state=NodeState.DELETING,
            ),
        )

    def _named_pod_manager(self, given: dict[str, Any]) -> str | None:
        """Give its uuid; that it is there, is seen when the node is placed."""
        ident: str | None = given.get('podm_id')
        if ident is None:
            return None
        # Which no name looks like.
        if uuidutils.is_uuid_like(ident):
            return str(uuid.UUID(ident))
        return self.deps.database.pod_managers.get(ident=ident).uuid

    def _properties(
        self, given: dict[str, Any], req: Request
    ) -> tuple[dict[str, Any], str | None]:
        """Give the requirements, and the flavor that they come from."""
        ident = given.get('flavor_id')
        if ident is None:
            return given.get('properties', {}), None
        if 'properties' in given:
            raise exception.ValidationError(
                detail='Give flavor_id or properties, not both.'
            )
        flavor = self.deps.database.flavors.get(
            ident=ident, project_id=req.project_id
        )
        return dict(flavor.properties), flavor.uuid

    def _show(self, req: Request, uuid: str) -> dict[str, Any]:
        return self.deps.compute.get_node(req.ctxt, uuid, req.project_id)


class NodeActionController(Controller):
    @expose('valence:nodes:action', body=Action, status=202)
    def post(self, node: str, *, req: Request) -> Answer:
        found = _find(self.deps, req, node)
        action, request = read_action('node', req.body)
        if found.resource_uuid is None and found.task_uuid is None:
            raise exception.NodeNotReady(
                node=found.name, state=found.state, action=action
            )
        task = asynchronous.new_task(
            req,
            action=action,
            topic=compute.TOPIC,
            short=True,
            request=request,
            podm_id=found.podm_id,
            resource_type='node',
            resource_uuid=found.uuid,
        )

        def reserve(tables: Tables) -> None:
            tables.nodes.reserve(uuid=found.uuid, task_uuid=task.uuid)

        return asynchronous.submit(
            self.deps,
            req,
            task,
            full=lambda: self.deps.compute.get_node(
                req.ctxt, found.uuid, req.project_id
            ),
            also=reserve,
        )


def _find(deps: Deps, req: Request, ident: str) -> Node:
    return deps.database.nodes.get(ident=ident, project_id=req.project_id)
