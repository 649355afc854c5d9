"""Racks of all pod managers, as they are now."""

from typing import Any

from valence.api import lists
from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.objects.resource import chassis_type

_DETAIL = 'show_detail'


class RacksController(Controller):
    item = 'rack'

    @expose('valence:racks:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_type_query(
            req,
            chassis_type('Rack'),
            max_limit=self.deps.max_limit,
            also=(_DETAIL,),
        )
        found = self.deps.compute.list_racks(
            req.ctxt, query, lists.flag(req, _DETAIL)
        )
        return lists.answer_read(req, found, 'racks', query)

    @expose('valence:racks:get')
    def get_one(self, rack: str, *, req: Request) -> Any:
        return self.deps.compute.get_rack(req.ctxt, rack)
