"""The controllers: pecan's RestController, WSME in and out."""

from typing import Any

import pecan
import wsme
import wsmeext.pecan
from oslo_utils import uuidutils
from pecan import rest

from bench.usual import policy
from bench.usual.api import types
from bench.usual.db import api as dbapi
from bench.usual.db import models


def expose(*args: Any, **kwargs: Any) -> Any:
    kwargs.setdefault('rest_content_types', ('json',))
    return wsmeext.pecan.wsexpose(*args, **kwargs)


def _plain(value: Any) -> Any:
    """Give a WSME object as a dict without what was not sent."""
    if not isinstance(value, wsme.types.Base):
        return value
    return {
        attribute.name: _plain(getattr(value, attribute.key))
        for attribute in wsme.types.list_attributes(type(value))
        if getattr(value, attribute.key) is not wsme.Unset
    }


class NodesController(rest.RestController):
    @expose(types.NodeAccepted, body=types.NodeCreate, status_code=202)
    def post(self, node: types.NodeCreate) -> types.NodeAccepted:
        policy.enforce('node:create')
        ctxt = pecan.request.context
        given = _plain(node)
        task_uuid = uuidutils.generate_uuid()
        row = dbapi.create(
            models.Node,
            {
                'name': given['name'],
                'description': given.get('description', ''),
                'podm_id': given.get('podm_id'),
                'requirements': given.get('properties', {}),
                'project_id': ctxt.project_id or '',
                'user_id': ctxt.user_id,
                'state': 'composing',
                'task_uuid': task_uuid,
            },
        )
        dbapi.create(
            models.Task,
            {
                'uuid': task_uuid,
                'action': 'compose_node',
                'state': 'pending',
                'percent': 0,
                'request': {
                    'name': row.name,
                    'description': row.description,
                    'podm_id': row.podm_id,
                    'properties': row.requirements,
                },
                'podm_id': row.podm_id,
                'resource_type': 'node',
                'resource_uuid': row.uuid,
                'project_id': ctxt.project_id,
                'user_id': ctxt.user_id,
                'request_id': ctxt.request_id,
                'attempt': 0,
            },
        )
        pecan.request.worker.compose_node(ctxt, task_uuid)
        return types.NodeAccepted.from_row(row.as_dict())


_STATUS = {'completed': 'Completed', 'failed': 'Failed'}


class TasksController(rest.RestController):
    @expose(types.Task, types.uuid)
    def get_one(self, uuid: str) -> types.Task:
        policy.enforce('task:get')
        row = dbapi.get_by_uuid(models.Task, uuid)
        status = _STATUS.get(row.state, 'In Progress')
        return types.Task.from_row({**row.as_dict(), 'status': status})


class FlavorsController(rest.RestController):
    @expose(types.Flavor, types.uuid)
    def get_one(self, uuid: str) -> types.Flavor:
        policy.enforce('flavor:get')
        ctxt = pecan.request.context
        return types.Flavor.from_row(
            pecan.request.worker.get_flavor(ctxt, uuid)
        )

    @expose(types.Flavor, body=types.FlavorCreate, status_code=201)
    def post(self, flavor: types.FlavorCreate) -> types.Flavor:
        policy.enforce('flavor:create')
        row = dbapi.create(models.Flavor, _plain(flavor))
        values = row.as_dict()
        return types.Flavor.from_row(
            {**values, 'created_at': str(values['created_at'])}
        )


class V1Controller(rest.RestController):
    flavors = FlavorsController()
    nodes = NodesController()
    tasks = TasksController()

    @expose(types.V1)
    def get(self) -> types.V1:
        url = f'{pecan.request.host_url}/v1'
        collections = {
            name: [types.Link(href=f'{url}/{name}/', rel='self')]
            for name in (
                'flavors',
                'nodes',
                'pod_managers',
                'services',
                'systems',
                'tasks',
            )
        }
        return types.V1(
            id='v1',
            status='CURRENT',
            min_version='',
            links=[types.Link(href=f'{url}/', rel='self')],
            media_types=[
                types.MediaType(
                    base='application/json',
                    type='application/vnd.openstack.valence.v1+json',
                )
            ],
            **collections,
        )


class RootController:
    v1 = V1Controller()
