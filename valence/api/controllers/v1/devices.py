"""Pooled devices of all pod managers, as they are now."""

from typing import Any

from valence.api import lists, syncs
from valence.api.controllers.base import Controller
from valence.api.deps import Deps
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.common import exception
from valence.db.api import Query
from valence.objects.resource import ResourceType

#: What is asked of what pod managers tell.
_TOLD = ('node_id', 'state', 'type')
_STATES = ('allocated', 'free')


class DevicesController(Controller):
    item = 'device'

    def __init__(self, deps: Deps) -> None:
        super().__init__(deps)
        self.children = {'sync': DevicesSyncController(deps)}

    @expose('valence:devices:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_type_query(
            req,
            ResourceType.PCIE_DEVICE,
            max_limit=self.deps.max_limit,
            also=_TOLD,
        )
        found = self.deps.compute.list_devices(
            req.ctxt, query, _matching(lists.parameters(req))
        )
        return lists.answer_read(req, found, 'devices', query)

    @expose('valence:devices:get')
    def get_one(self, device: str, *, req: Request) -> Any:
        return self.deps.compute.get_device(req.ctxt, device)


class DevicesSyncController(Controller):
    @expose('valence:devices:sync')
    def post(self, *, req: Request) -> Answer:
        given = lists.parameters(req)
        for name in given:
            if name != 'podm_id':
                raise exception.BadRequest(
                    detail=f'Unknown field {name}; known: podm_id.'
                )
        pod_managers = self.deps.database.pod_managers
        if 'podm_id' in given:
            podms = [pod_managers.get(ident=given['podm_id'])]
        else:
            podms = list(pod_managers.list(query=Query()))
        return syncs.answer(self.deps, req, podms)


def _matching(given: dict[str, str]) -> dict[str, str]:
    matching = {name: given[name] for name in _TOLD if name in given}
    if matching.get('state', 'free') not in _STATES:
        raise exception.BadRequest(
            detail=f'state must be one of {", ".join(_STATES)}.'
        )
    return matching
