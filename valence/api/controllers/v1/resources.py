"""Resources: all that the pod managers hold, in one table."""

from typing import Any

from valence.api import lists
from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.common import exception
from valence.objects.resource import (
    CHASSIS_KINDS,
    ResourceType,
    chassis_type,
)

#: Asked for all of a kind, and asked for one.
_CHASSIS = [ResourceType.CHASSIS, *map(chassis_type, CHASSIS_KINDS)]
_KNOWN = sorted({*ResourceType, *_CHASSIS})
#: What only those may see who may see what a pod manager sent.
_DETAIL = {'detail': 'valence:resources:detail'}


class ResourcesController(Controller):
    item = 'resource'

    @expose('valence:resources:list', flags=_DETAIL)
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_query(
            req,
            filters=('podm_id', 'resource_type'),
            sort_keys=(),
            max_limit=self.deps.max_limit,
            also=_DETAIL,
        )
        kind = query['filters'].get('resource_type')
        if kind is not None:
            query['filters']['resource_type'] = _types(kind)
        found = self.deps.compute.list_resources(
            req.ctxt, query, lists.flag(req, 'detail')
        )
        return lists.answer(
            req,
            found['resources'],
            query,
            last=found['last'],
            full=found['full'],
        )

    @expose('valence:resources:get', flags=_DETAIL)
    def get_one(self, resource: str, *, req: Request) -> Any:
        return self.deps.compute.get_resource(
            req.ctxt, resource, lists.flag(req, 'detail')
        )


def _types(kind: str) -> str | list[str]:
    """Give the type or the types that are asked for."""
    if kind not in _KNOWN:
        raise exception.BadRequest(
            detail=f'resource_type must be one of {", ".join(_KNOWN)}.'
        )
    return list(_CHASSIS) if kind == ResourceType.CHASSIS else kind
