"""Flavors: requirements with a name."""

from typing import Any

from oslo_utils import uuidutils

from valence.api import asynchronous, lists
from valence.api.controllers.base import Controller
from valence.api.expose import expose
from valence.api.request import Answer, Request
from valence.api.types.flavors import FlavorCreate, FlavorPatch
from valence.common import exception
from valence.objects.flavor import Flavor


class FlavorsController(Controller):
    item = 'flavor'

    @expose('valence:flavors:list')
    def get_all(self, *, req: Request) -> Answer:
        query = lists.read_query(
            req,
            filters=('name',),
            sort_keys=('name',),
            max_limit=self.deps.max_limit,
        )
        found = self.deps.conductor.list_flavors(
            req.ctxt, query, req.project_id
        )
        return lists.answer(req, found, query)

    @expose('valence:flavors:get')
    def get_one(self, flavor: str, *, req: Request) -> Any:
        return self.deps.conductor.get_flavor(req.ctxt, flavor, req.project_id)

    @expose('valence:flavors:create', body=FlavorCreate, status=201)
    def post(self, *, req: Request) -> Any:
        given = req.body.given()
        if req.ctxt.is_admin and given.get('public', True):
            project_id = None
        elif given.get('public'):
            raise exception.BadRequest(
                detail='Only an admin makes a public flavor.'
            )
        else:
            project_id = req.ctxt.project_id
        return self.deps.database.flavors.create(
            values={
                'uuid': uuidutils.generate_uuid(),
                'name': given['name'],
                'description': given.get('description', ''),
                'properties': given['properties'],
                'project_id': project_id,
            }
        ).as_dict()

    @expose('valence:flavors:update', body=FlavorPatch)
    def patch(self, flavor: str, *, req: Request) -> Any:
        found = self._own(flavor, req)
        return self.deps.database.flavors.update(
            uuid=found.uuid, values=req.body.given()
        ).as_dict()

    @expose('valence:flavors:delete')
    def delete(self, flavor: str, *, req: Request) -> Any:
        found = self._own(flavor, req)
        self.deps.database.flavors.delete(uuid=found.uuid)
        return asynchronous.confirmation(
            req,
            'DELETED',
            f'This flavor {found.uuid} has been deleted successfully',
        )

    def _own(self, ident: str, req: Request) -> Flavor:
        """Give a flavor that may be changed: a public one by admins only."""
        found = self.deps.database.flavors.get(
            ident=ident, project_id=req.project_id
        )
        if req.project_id is not None and found.project_id is None:
            raise exception.FlavorNotFound(flavor=ident)
        return found
