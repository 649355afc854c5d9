"""Nodes that exist at a pod manager already, and come to be ours."""

from typing import Any

from oslo_utils import uuidutils

from valence.api import asynchronous
from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.api.types.nodes import NodeManage
from valence.common import exception
from valence.common.states import NodeState
from valence.compute import rpcapi as compute
from valence.db.api import Query, Tables
from valence.objects.pod_manager import PodManager


class ManageController(Controller):
    @expose('valence:nodes:manage', body=NodeManage, status=202)
    def post(self, *, req: Request) -> Answer:
        given = req.body.given()
        index, url = _named(given)
        podm = self.deps.database.pod_managers.get(ident=given['podm_id'])
        uuid = uuidutils.generate_uuid()
        task = asynchronous.new_task(
            req,
            action='manage_node',
            topic=compute.TOPIC,
            request={
                'podm_id': podm.uuid,
                'node_index': index,
                'resource_url': url,
                'name': given.get('name'),
            },
            podm_id=podm.uuid,
            resource_type='node',
            resource_uuid=uuid,
        )
        shown = {
            'uuid': uuid,
            # Until its own is read, unless it gets another one.
            'name': given.get('name', uuid),
            'podm_id': podm.uuid,
            'index': index,
            'state': NodeState.ADOPTING,
        }
        values = {
            **shown,
            'description': given.get('description', ''),
            'requirements': {},
            'project_id': req.ctxt.project_id or '',
            'user_id': req.ctxt.user_id,
            'task_uuid': task.uuid,
        }

        def place(tables: Tables) -> None:
            tables.pod_managers.admit_node(uuid=podm.uuid)
            _refuse_managed(tables, podm, index, url)
            tables.nodes.create(values=values)

        return asynchronous.submit(
            self.deps,
            req,
            task,
            brief={**shown, 'resource_uri': url},
            full=lambda: self.deps.compute.get_node(
                req.ctxt, uuid, req.project_id
            ),
            also=place,
        )


def _named(given: dict[str, Any]) -> tuple[str | None, str | None]:
    """Give how the node is named: by its index, or by its url."""
    index, url = given.get('node_index'), given.get('resource_url')
    if (index is None) == (url is None):
        raise exception.ValidationError(
            detail='Give exactly one of node_index and resource_url.'
        )
    return index, url


def _refuse_managed(
    tables: Tables, podm: PodManager, index: str | None, url: str | None
) -> None:
    """Refuse what is known to be ours; the worker sees the rest.

    The same index is another node at another pod manager.
    """
    query = Query(filters={'podm_id': podm.uuid})
    for node in tables.nodes.list(query=query):
        if (index is not None and node.index == index) or (
            url is not None and node.resource_url == url
        ):
            raise exception.NodeManaged(node=index or url)
