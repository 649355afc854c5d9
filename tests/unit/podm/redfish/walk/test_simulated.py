"""What is found is what a look at every single document finds."""

import testtools

from tests.unit.podm import connected, walked
from tests.unit.simulator import running
from tests.unit.simulator.test_walk import walk
from valence.objects.resource import ResourceType, chassis_type
from valence.podm.redfish.walk import table

MODES = (
    *(f'rsd2.{minor}' for minor in range(1, 6)),
    *('plain', 'composition', 'composition-constrained'),
    'composition-manifest',
)
#: What Redfish has other names for than we have.
NAMES = {'LogicalDrive': 'Volume', 'PhysicalDrive': 'Drive'}
#: As many as there are profiles, and one more.
SYSTEMS = 9


class SimulatedTest(testtools.TestCase):
    def simulate(self, mode='plain', systems=SYSTEMS, **settings):
        pod = self.useFixture(
            connected.Simulated(mode=mode, systems=systems, **settings)
        )
        if mode != 'plain':
            pod.pod.appear('tagged-1', 'a node')
        return pod

    def test_everything_is_found(self):
        for mode in MODES:
            pod = self.simulate(mode)
            found = walked.walked(pod.connection.inventory)
            self.assertEqual(there(pod.url), sorted(found), mode)

    def test_all_types_that_the_simulator_has(self):
        found = {
            kind.partition('/')[0]
            for mode in MODES
            for _url, kind in walked.walked(
                self.simulate(mode).connection.inventory
            )
        }
        not_simulated = {'Fabric', 'Zone', 'Endpoint'}
        self.assertEqual(set(ResourceType) - not_simulated, found)

    def test_sizes(self):
        for mode in MODES:
            inventory = self.simulate(mode).connection.inventory
            told = {
                size.url: (size.cores, size.ram_gib)
                for part in inventory.walk()
                for size in part.sizes
            }
            alone = {
                system.url: (system.cores, system.ram_gib)
                for system in inventory.systems()
            }
            self.assertEqual(alone, told, mode)

    def test_drives(self):
        drives = [1, 1, 1, 2, 3, 2, 1, 4, 1]
        for mode in ('plain', 'rsd2.1', 'rsd2.5'):
            pod = self.simulate(mode)
            told = [
                size.drives
                for part in pod.connection.inventory.walk()
                for size in part.sizes
            ]
            self.assertEqual(drives, told, mode)

    def test_deviations_make_no_difference(self):
        for mode in ('rsd2.4', 'composition', 'plain'):
            usual = self.simulate(mode)
            expected = keys(walked.walked(usual.connection.inventory))
            for deviation in (
                'lower_links',
                'slash_links',
                'nested_members',
                'misspelt_count',
                'wrong_count',
                'wrong_collection_id',
                'numeric_id',
                'root_slash',
                'root_no_slash',
            ):
                other = self.simulate(mode, modes={'deviate': [deviation]})
                found = keys(walked.walked(other.connection.inventory))
                self.assertEqual(expected, found, (mode, deviation))

    def test_dead_links(self):
        """All that is listed is found, and what is missing is told."""
        failed = set()
        for mode in ('rsd2.4', 'composition', 'plain'):
            usual = self.simulate(mode)
            expected = walked.walked(usual.connection.inventory)
            other = self.simulate(mode, modes={'deviate': ['dead_links']})
            parts = list(other.connection.inventory.walk())
            found = {pair for part in parts for pair in part.found}
            failed |= {
                kind for part in parts if part.error for kind in part.types
            }
            missing = set(expected) - found
            self.assertEqual(set(), found - set(expected))
            self.assertEqual(set(), {kind for _, kind in missing} - failed)
        self.assertNotEqual(set(), failed)


class RequestsTest(testtools.TestCase):
    def requests(self, mode, systems):
        pod = self.useFixture(connected.Simulated(mode=mode, systems=systems))
        pod.connection.probe()
        before = pod.pod.requests.total()
        walked.walked(pod.connection.inventory)
        return pod.pod.requests.total() - before

    def test_expanded(self):
        for systems in (0, 1, 50):
            # Systems, chassis and managers.
            self.assertEqual(3, self.requests('plain', systems))
            # And nodes, switches and storage services.
            self.assertEqual(6, self.requests('rsd2.5', systems))

    def test_one_level(self):
        # Of each system: processors, memory, interfaces, storage.
        each = self.requests('rsd2.4', 5) - self.requests('rsd2.4', 4)
        self.assertEqual(4, each)

    def test_one_by_one(self):
        # Of each system: itself, what it has, one storage, its sled.
        each = self.requests('rsd2.2', 5) - self.requests('rsd2.2', 4)
        self.assertEqual(7, each)


def there(url):
    """Give all that is at a pod manager, by its documents' own types."""
    client = running.Client(url)
    try:
        documents = walk(client)
    finally:
        client.session.close()
    found = (
        (path, kind_of(path, document)) for path, document in documents.items()
    )
    known = table.below(table.ROOT)
    return sorted((path, kind) for path, kind in found if kind in known)


def kind_of(path, document):
    name = document.get('@odata.type', '').rpartition('.')[2]
    if name == 'Chassis':
        return chassis_type(document['ChassisType'])
    if name == 'Zone' and '/CompositionService/' in path:
        return 'ResourceZone'
    if 'Capabilities' in path:
        return None
    return NAMES.get(name, name)


def keys(found):
    return sorted((url.lower().rstrip('/'), kind) for url, kind in found)
