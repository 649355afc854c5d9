"""All chassis of all pod managers: pods, rows, racks, drawers, sleds."""

from typing import Any

from valence.api import lists
from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.common import exception
from valence.objects.resource import (
    CHASSIS_KINDS,
    CHASSIS_TYPES,
    chassis_type,
)


class ChassisController(Controller):
    item = 'chassis'

    @expose('valence:chassis:list')
    def get_all(self, *, req: Request) -> Answer:
        types = _types(lists.parameters(req).get('kind'))
        query = lists.read_type_query(
            req, types, max_limit=self.deps.max_limit, also=('kind',)
        )
        found = self.deps.compute.list_chassis(req.ctxt, query)
        return lists.answer_read(req, found, 'chassis', query)

    @expose('valence:chassis:get')
    def get_one(self, chassis: str, *, req: Request) -> Any:
        return self.deps.compute.get_chassis(req.ctxt, chassis)


def _types(kind: str | None) -> str | list[str]:
    """Give the types of resources that are asked for."""
    if kind is None:
        return list(CHASSIS_TYPES)
    if kind not in CHASSIS_KINDS:
        raise exception.BadRequest(
            detail=f'kind must be one of {", ".join(CHASSIS_KINDS)}.'
        )
    return chassis_type(kind)
