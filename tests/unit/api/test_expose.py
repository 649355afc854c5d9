import testtools

from tests.unit.api.test_routes import routes
from valence.api.expose import ROUTE_ATTRIBUTE, expose
from valence.api.types.flavors import FlavorCreate

#: The statuses that the contract knows for each method.
_STATUSES = {
    'GET': {200},
    'POST': {200, 201, 202, 204},
    'PATCH': {200},
    'DELETE': {200, 202},
}


class ExposeTest(testtools.TestCase):
    def test_what_the_walker_sees(self):
        @expose('valence:things:create', body=FlavorCreate, status=201)
        def post(self, *, req):
            """Make a thing."""

        route = getattr(post, ROUTE_ATTRIBUTE)
        self.assertEqual('valence:things:create', route.policy)
        self.assertIs(FlavorCreate, route.body)
        self.assertEqual(201, route.status)
        self.assertEqual('post', post.__name__)

    def test_statuses(self):
        for (method, path), route in routes().items():
            self.assertIn(route.status, _STATUSES[method], (method, path))

    def test_bodies(self):
        for (method, path), route in routes().items():
            if method == 'PATCH':
                self.assertIsNotNone(route.body, path)
            if method in ('GET', 'DELETE'):
                self.assertIsNone(route.body, path)
