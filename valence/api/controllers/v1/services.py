"""Services: who is up, and who shall take no new work."""

from typing import Any

from valence.api import lists
from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.api.types.services import ServicePatch


class ServicesController(Controller):
    item = 'service'

    @expose('valence:services:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_query(
            req,
            filters=('binary', 'host', 'topic'),
            sort_keys=('binary', 'host'),
            max_limit=self.deps.max_limit,
        )
        found = self.deps.conductor.list_services(req.ctxt, query)
        return lists.answer(req, found, query)

    @expose('valence:services:update', body=ServicePatch)
    def patch(self, service: str, *, req: Request) -> Any:
        given = req.body.given()
        reason = given.get('disabled_reason') if given['disabled'] else None
        self.deps.database.services.update(
            uuid=service,
            values={
                'disabled': given['disabled'],
                'disabled_reason': reason,
            },
        )
        return self.deps.database.services.get(
            uuid=service, down_time=self.deps.down_time
        ).as_dict()
