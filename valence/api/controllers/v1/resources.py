"""Resources: all that the pod managers hold, in one table."""

from typing import Any

from valence.api import lists
from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.common import exception
from valence.objects.resource import CHASSIS_TYPES, ResourceType

#: Chassis are asked for all together, or those of a kind.
_KNOWN = sorted({*ResourceType, *CHASSIS_TYPES})
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
        return lists.answer_read(req, found, 'resources', query)

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
    return list(CHASSIS_TYPES) if kind == ResourceType.CHASSIS else kind
