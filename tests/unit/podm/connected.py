"""Fixtures: the Redfish driver, connected to a pod manager."""

import dataclasses

import fixtures

from tests.unit.podm import records, scripted
from valence.common import http_addresses, http_client
from valence.podm.redfish import driver
from valence.simulator import server

ROOT = '/redfish/v1/'
SYSTEMS = '/redfish/v1/Systems'
NODES = '/redfish/v1/Nodes'


def link(path):
    return {'@odata.id': path}


def collection(*paths):
    return {'Members': [link(path) for path in paths]}


class Connected(fixtures.Fixture):
    """A connection to the pod manager at a url."""

    def __init__(self, url, limits=None, **changes):
        super().__init__()
        self.podm = records.record(url, **changes)
        self.limits = dataclasses.replace(
            limits or http_client.Limits(timeout=10),
            allowed_networks=http_addresses.LOOPBACK,
        )

    def _setUp(self):
        self.connection = driver.RedfishConnection(self.podm, self.limits)
        self.addCleanup(self.connection.close)


class Simulated(fixtures.Fixture):
    """A simulated pod manager and a connection to it."""

    def __init__(self, **settings):
        super().__init__()
        self.simulator = server.Simulator(**settings)

    def _setUp(self):
        self.simulator.start()
        self.addCleanup(self.simulator.stop)
        self.url = self.simulator.urls[0]
        self.pod = self.simulator.pods[0]
        self.connection = self.useFixture(Connected(self.url)).connection


class ScriptedPod(scripted.Scripted):
    """A scripted pod manager with a service root, and a connection to it."""

    def _setUp(self):
        super()._setUp()
        self.get(
            ROOT,
            {
                'RedfishVersion': '1.1.0',
                'Systems': link(SYSTEMS),
                'Nodes': link(NODES),
            },
        )
        self.get(SYSTEMS, collection())
        self.get(NODES, collection())
        self.connection = self.useFixture(Connected(self.url)).connection
