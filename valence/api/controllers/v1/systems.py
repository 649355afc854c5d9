"""Systems of all pod managers, as they are now."""

import contextlib
import math
from typing import Any

from valence.api import asynchronous, lists
from valence.api.controllers.base import Controller
from valence.api.controllers.v1.actions import read_action
from valence.api.deps import Deps
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.api.types.nodes import Action
from valence.common import exception
from valence.compute import rpcapi as compute
from valence.objects.resource import ResourceType
from valence.podm.live_kinds import FILTERED

_LEAST = ('cores', 'ram', 'storage')


class SystemsController(Controller):
    item = 'system'

    def __init__(self, deps: Deps) -> None:
        super().__init__(deps)
        self.item_children = {
            'action': SystemActionController(deps),
            'inventory': SystemInventoryController(deps),
        }

    @expose('valence:systems:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_type_query(
            req,
            ResourceType.COMPUTER_SYSTEM,
            max_limit=self.deps.max_limit,
            also=(*FILTERED, *_LEAST),
        )
        matching = _matching(lists.parameters(req))
        found = self.deps.compute.list_systems(req.ctxt, query, matching)
        return lists.answer_read(req, found, 'systems', query)

    @expose('valence:systems:get')
    def get_one(self, system: str, *, req: Request) -> Any:
        return self.deps.compute.get_system(req.ctxt, system)


class SystemInventoryController(Controller):
    @expose('valence:systems:inventory')
    def get_all(self, system: str, *, req: Request) -> Any:
        return self.deps.compute.get_system_inventory(req.ctxt, system)


class SystemActionController(Controller):
    @expose('valence:systems:action', body=Action, status=202)
    def post(self, system: str, *, req: Request) -> Answer:
        row = self.deps.database.resources.get(
            uuid=system, types=[ResourceType.COMPUTER_SYSTEM]
        )
        if row is None:
            raise exception.SystemNotFound(system=system)
        action, request = read_action('system', req.body)
        task = asynchronous.new_task(
            req,
            action=action,
            topic=compute.TOPIC,
            short=True,
            request=request,
            podm_id=row.podm_id,
            resource_type='system',
            resource_uuid=system,
        )
        return asynchronous.submit(
            self.deps,
            req,
            task,
            full=lambda: self.deps.compute.get_system(req.ctxt, system),
        )


def _matching(given: dict[str, str]) -> dict[str, Any]:
    matching: dict[str, Any] = {
        'properties': {name: given[name] for name in FILTERED if name in given}
    }
    for name in _LEAST:
        if name in given:
            matching[name] = _number(name, given[name])
    return matching


def _number(name: str, value: str) -> float:
    with contextlib.suppress(ValueError):
        number = float(value)
        if math.isfinite(number):
            return number
    raise exception.BadRequest(detail=f'{name} must be a number.')
