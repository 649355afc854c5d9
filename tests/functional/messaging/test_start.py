"""A service that starts while the broker is away."""

import time

import fixtures
import testtools

from tests.fixtures import database, rabbitmq, rows
from tests.functional.messaging.test_rpc import SOON, Connected
from valence.cmd import parts, shared
from valence.common import context, exception, http_client, rpc
from valence.common.service import Service
from valence.conf import CONF
from valence.db.api import Query
from valence.network.rpcapi import NetworkAPI
from valence.podm.pool import Pool


class StartWithoutBroker(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.broker = self.useFixture(rabbitmq.RabbitMQ())
        self.useFixture(Connected(self.broker.url, 4.0))
        self.database = self.useFixture(database.Database()).database
        bus = rpc.RpcBus(CONF)
        self.addCleanup(bus.close)
        self.shared = shared.Shared(
            conf=CONF,
            database=self.database,
            bus=bus,
            pool=Pool(http_client.Limits()),
            boot_id=rows.new_uuid(),
        )
        self.service = Service(
            'valence-network', lambda: parts.network_parts(self.shared)
        )

    def is_up(self) -> bool:
        end = time.monotonic() + SOON
        while time.monotonic() < end:
            services = self.database.services
            for service in services.list(query=Query(), down_time=60):
                return service.up
            time.sleep(0.05)
        return False

    def answers(self) -> bool:
        network = NetworkAPI(self.shared.bus)
        end = time.monotonic() + 60
        while time.monotonic() < end:
            try:
                return network.ping(context.admin()) == {'topic': 'network'}
            except exception.ServiceUnavailable:
                time.sleep(0.2)
        return False

    def test_reports_its_state_and_answers_once_the_broker_is_there(
        self,
    ) -> None:
        self.broker.kill()
        started = time.monotonic()
        self.service.start()
        self.addCleanup(self.service.stop)
        self.assertLess(time.monotonic() - started, SOON)
        self.assertTrue(self.is_up())
        self.broker.start()
        self.assertTrue(self.answers())
