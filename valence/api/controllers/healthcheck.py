"""Tells whether all is well, cheaply, and what is not."""

from typing import Any

from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.common import exception
from valence.db.api import Query

_OK = 'ok'


class HealthcheckController(Controller):
    @expose(None)
    def get_all(self, *, req: Request) -> Answer:
        body: dict[str, Any] = {'api': _OK, 'database': _OK, 'services': []}
        try:
            services = self.deps.database.services.list(
                query=Query(), down_time=self.deps.down_time
            )
            body['services'] = [
                {
                    'binary': service.binary,
                    'host': service.host,
                    'status': 'up' if service.up else 'down',
                }
                for service in services
            ]
        except exception.DatabaseUnavailable as error:
            body['database'] = error.detail
        body['bus'] = self._bus(req)
        well = body['database'] == body['bus'] == _OK
        return Answer(body, status=200 if well else 503)

    def _bus(self, req: Request) -> str:
        try:
            self.deps.conductor.ping(req.ctxt)
        except exception.ServiceUnavailable as error:
            return error.detail
        return _OK
