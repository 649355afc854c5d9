"""Version 1 of the API: its collections."""

from typing import Any

from valence.api.controllers.base import Controller
from valence.api.controllers.v1.chassis import ChassisController
from valence.api.controllers.v1.devices import DevicesController
from valence.api.controllers.v1.events import EventsController
from valence.api.controllers.v1.flavors import FlavorsController
from valence.api.controllers.v1.nodes import NodesController
from valence.api.controllers.v1.pod_managers import PodManagersController
from valence.api.controllers.v1.racks import RacksController
from valence.api.controllers.v1.resources import ResourcesController
from valence.api.controllers.v1.services import ServicesController
from valence.api.controllers.v1.systems import SystemsController
from valence.api.controllers.v1.tasks import TasksController
from valence.api.controllers.v1.version import version
from valence.api.deps import Deps
from valence.api.expose import expose
from valence.api.request import Request

_MEDIA_TYPE = 'application/vnd.openstack.valence.v1+json'

#: What only pod managers have a use for.
_NOT_FOR_CLIENTS = frozenset({'events'})


class V1Controller(Controller):
    def __init__(self, deps: Deps) -> None:
        super().__init__(deps)
        self.children = {
            'chassis': ChassisController(deps),
            'devices': DevicesController(deps),
            'events': EventsController(deps),
            'flavors': FlavorsController(deps),
            'nodes': NodesController(deps),
            'pod_managers': PodManagersController(deps),
            'racks': RacksController(deps),
            'resources': ResourcesController(deps),
            'services': ServicesController(deps),
            'systems': SystemsController(deps),
            'tasks': TasksController(deps),
        }

    @expose(None)
    def get_all(self, *, req: Request) -> Any:
        collections = {
            name: [{'href': f'{req.url}/{name}/', 'rel': 'self'}]
            for name in self.children
            if name not in _NOT_FOR_CLIENTS
        }
        return {
            **version(req.url),
            'media_types': [{'base': 'application/json', 'type': _MEDIA_TYPE}],
            **collections,
        }
