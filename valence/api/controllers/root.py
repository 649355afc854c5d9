"""The root: which versions there are, and whether all is well."""

from typing import Any

from valence.api.controllers.base import Controller
from valence.api.controllers.healthcheck import HealthcheckController
from valence.api.controllers.v1 import V1Controller
from valence.api.controllers.v1.version import version
from valence.api.deps import Deps
from valence.api.expose import expose
from valence.api.request import Request


class RootController(Controller):
    def __init__(self, deps: Deps) -> None:
        super().__init__(deps)
        self.children = {
            'healthcheck': HealthcheckController(deps),
            'v1': V1Controller(deps),
        }

    @expose(None)
    def get_all(self, *, req: Request) -> Any:
        base = req.url.rstrip('/')
        return {
            'name': 'OpenStack Valence API',
            'description': 'Valence is an OpenStack project',
            'versions': [version(f'{base}/v1')],
        }
