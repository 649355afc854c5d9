import testtools

from tests.unit.common import bus_contract
from valence.common.local_bus import LocalBus


class LocalBusTest(bus_contract.BusContract, testtools.TestCase):
    def make_bus(self):
        return LocalBus(threads=8, timeout=self.timeout)
