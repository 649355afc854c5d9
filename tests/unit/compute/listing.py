"""Compute's answers over two simulated pod managers, and their rows."""

import orjson
import testtools

from tests.unit.compute import living
from tests.unit.podm.walked import walked
from valence.common import context
from valence.common.http_client import Limits
from valence.compute.manager import ComputeManager
from valence.db.api import Query


class ListingTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(
            living.Living(pods=2, limits=Limits(timeout=20))
        )
        self.database = self.living.database
        self.ctxt = context.admin()
        self.podm, self.other = self.living.podms
        self.pod = self.living.pod
        self.manager = self.make()
        pool = self.living.make_pool()
        for podm in self.living.podms:
            found = walked(pool.get(podm).inventory)
            self.database.resources.add(podm_id=podm.uuid, found=found)

    def make(self, patience=20, **live):
        """Give a manager as of a new process."""
        pool = self.living.make_pool()
        live = self.living.make_live(pool, **live)
        return ComputeManager(self.database, pool, live, patience=patience)

    def rows(self, **filters):
        return self.database.resources.list(query=Query(filters=filters))

    def systems(self, manager=None, matching=None, **query):
        """Give a list of systems, as it travels."""
        query = {'filters': {'resource_type': 'ComputerSystem'}, **query}
        answer = (manager or self.manager).list_systems(
            self.ctxt, query, matching or {}
        )
        return orjson.loads(orjson.dumps(answer))

    def of(self, podm, **more):
        """Give the systems of one pod manager."""
        return [
            each
            for each in self.systems(**more)['systems']
            if each['podm_id'] == podm.uuid
        ]

    def resources(self, manager=None, detail=True, **query):
        """Give a list of resources, as it travels."""
        answer = (manager or self.manager).list_resources(
            self.ctxt, query, detail
        )
        return orjson.loads(orjson.dumps(answer))

    def system_row(self):
        """Give the row of a system of the first pod manager."""
        return self.rows(
            resource_type='ComputerSystem', podm_id=self.podm.uuid
        )[0]

    def hang(self):
        self.pod.set_modes(hang=True)
        self.addCleanup(self.pod.clear_modes)

    def requests(self):
        return sum(pod.requests.total() for pod in self.living.simulator.pods)
