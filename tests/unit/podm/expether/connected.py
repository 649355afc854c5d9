"""Fixtures: the ExpEther driver, connected to an ExpEther manager."""

import dataclasses

import fixtures

from tests.unit.podm import records, scripted
from valence.common import http_addresses, http_client
from valence.objects.requirements import PciDevice, Requirements
from valence.podm.expether import driver
from valence.simulator import server

TAG = 'valence-6f3c0f9e-5c1b-4b8e-9d3a-2f0c7d7a1b11'
DEVICES = '/eem/devices'
EESVS = f'{DEVICES}/detail?status=eesv'
EEIOS = f'{DEVICES}/detail?status=eeio'


def wants(*kinds):
    return Requirements(pci_device=PciDevice(type=kinds))


def eesv(number=1, **values):
    return {
        'id': f'0xa{number}',
        'status': 'eesv',
        'group_id': '4094',
        'max_eeio_count': '4',
    } | values


def eeio(number=1, **values):
    return {
        'id': f'0xb{number}',
        'status': 'eeio',
        'group_id': '4093',
        'pcie_class_code': '0x020000',
    } | values


class Connected(fixtures.Fixture):
    """A connection to the manager at a url."""

    def __init__(self, url, limits=None, **changes):
        super().__init__()
        self.podm = records.record(url, driver='expether', **changes)
        self.limits = dataclasses.replace(
            limits or http_client.Limits(timeout=10),
            allowed_networks=http_addresses.LOOPBACK,
        )

    def _setUp(self):
        self.connection = driver.ExpEtherConnection(self.podm, self.limits)
        self.addCleanup(self.connection.close)


class Simulated(fixtures.Fixture):
    """A simulated manager and a connection to it."""

    def __init__(self, **settings):
        super().__init__()
        self.simulator = server.Simulator(mode='expether', **settings)

    def _setUp(self):
        self.simulator.start()
        self.addCleanup(self.simulator.stop)
        self.url = f'{self.simulator.urls[0]}/eem'
        self.pod = self.simulator.pods[0]
        self.eem = self.pod.eem
        self.connection = self.useFixture(Connected(self.url)).connection
        self.compute = self.connection.compute

    def chosen(self, *kinds, tag=TAG):
        """Have the place of a node chosen, and give the url that says it."""
        pending = self.compute.allocate_node(
            name='n', description='d', tag=tag, requirements=wants(*kinds)
        )
        return self.connection.look(pending.monitor).location

    def composed(self, *kinds, tag=TAG):
        """Give a node that was composed."""
        url = self.chosen(*kinds, tag=tag)
        self.compute.assemble_node(url)
        return self.compute.get_node(url)

    def free(self):
        """Give how many EESVs and EEIOs are free."""
        return (
            len(self.eem.all('eesv', '4094')),
            len(self.eem.all('eeio', '4093')),
        )


class ScriptedEem(scripted.Scripted):
    """A scripted manager with these devices, and a connection to it."""

    def __init__(self, *devices):
        super().__init__()
        self.devices = devices

    def _setUp(self):
        super()._setUp()
        self.has(*self.devices)
        self.connection = self.useFixture(Connected(self.url)).connection
        self.compute = self.connection.compute

    def has(self, *devices):
        """Answer with these devices from now on."""
        for path, status in ((EESVS, 'eesv'), (EEIOS, 'eeio')):
            found = [each for each in devices if each['status'] == status]
            self.get(path, {'devices': found})
        for device in devices:
            path = f'{DEVICES}/{device["id"]}'
            self.get(path, {'device': device})
            self.script.setdefault(
                ('PUT', f'{path}/group_id'), scripted.Reply()
            )
            self.script.setdefault(
                ('DELETE', f'{path}/group_id'), scripted.Reply()
            )
