"""The tree of resources."""

from collections.abc import Iterator
from typing import Any

import testtools

from tests.unit.simulator import running


def links(value: Any) -> Iterator[str]:
    """Yield all references in a document."""
    if isinstance(value, dict):
        for name, each in value.items():
            if name == '@odata.id':
                yield each
            else:
                yield from links(each)
    elif isinstance(value, list):
        for each in value:
            yield from links(each)


def walk(client: running.Client) -> dict[str, Any]:
    """Return all documents that can be reached from the root."""
    found: dict[str, Any] = {}
    todo = [running.ROOT]
    while todo:
        path = todo.pop().partition('#')[0]
        if path not in found:
            found[path] = client.get(path)
            todo.extend(links(found[path]))
    return found


class WalkTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=10)).client

    def test_all_links_lead_to_what_they_say(self) -> None:
        self.client.allocate()
        documents = walk(self.client)
        for path, document in documents.items():
            self.assertEqual(path, document['@odata.id'])
            self.assertIn('@odata.type', document)
            self.assertIn('Name', document)
        kinds = {
            each['@odata.type'].rpartition('.')[2]
            for each in documents.values()
        }
        self.assertLessEqual(
            {
                'ServiceRoot',
                'Chassis',
                'ComputerSystem',
                'Processor',
                'Memory',
                'Storage',
                'SimpleStorage',
                'Drive',
                'EthernetInterface',
                'Manager',
                'ComposedNode',
                'SessionService',
            },
            kinds,
        )

    def test_nodes_link_is_in_the_extension(self) -> None:
        root = self.client.get(running.ROOT)
        self.assertNotIn('Nodes', root)
        extension = root['Oem']['Intel_RackScale']
        self.assertEqual('2.3.0', extension['ApiVersion'])
        self.assertEqual({'@odata.id': running.NODES}, extension['Nodes'])
        nodes = self.client.get(running.NODES)
        self.assertEqual(
            {'#ComposedNodeCollection.Allocate': {'target': running.ALLOCATE}},
            nodes['Actions'],
        )

    def test_plain_service_does_not_compose(self) -> None:
        client = self.useFixture(running.Running(mode='plain')).client
        documents = walk(client)
        self.assertNotIn('Oem', str(documents))
        self.assertNotIn('Nodes', str(documents))
        self.assertIn(running.SYSTEM, documents)
        self.assertEqual(404, client.post(running.ALLOCATE, {}).status_code)

    def test_system_summaries_agree_with_components(self) -> None:
        path = f'{running.ROOT}/Systems?$expand=.'
        for system in self.client.get(path)['Members']:
            own = system['@odata.id']
            processors = self.client.get(f'{own}/Processors?$expand=.')
            cores = sum(
                each['TotalCores']
                for each in processors['Members']
                if each['ProcessorType'] == 'CPU'
            )
            summary = system['ProcessorSummary']
            self.assertEqual(cores, summary['CoreCount'])
            memory = self.client.get(f'{own}/Memory?$expand=.')
            mib = sum(each['CapacityMiB'] for each in memory['Members'])
            gib = system['MemorySummary']['TotalSystemMemoryGiB']
            self.assertEqual(mib, gib * 1024)

    def test_chassis_tree(self) -> None:
        systems = []
        rack = self.client.get(f'{running.ROOT}/Chassis')['Members'][0]
        for drawer in self._inside(rack, 'Rack'):
            for sled in self._inside(drawer, 'Drawer'):
                document = self.client.get(sled['@odata.id'])
                systems += document['Links']['ComputerSystems']
        all_systems = self.client.get(f'{running.ROOT}/Systems')['Members']
        self.assertEqual(all_systems, systems)

    def _inside(self, chassis: Any, kind: str) -> Any:
        document = self.client.get(chassis['@odata.id'])
        self.assertEqual(kind, document['ChassisType'])
        own = document['Oem']['Intel_RackScale']['Location']['Id']
        for each in document['Links']['Contains']:
            inner = self.client.get(each['@odata.id'])
            self.assertEqual(chassis, inner['Links']['ContainedBy'])
            extension = inner['Oem']['Intel_RackScale']
            self.assertEqual(own, extension['Location']['ParentId'])
        return document['Links']['Contains']

    def test_hardware_varies_and_survives_a_restart(self) -> None:
        path = f'{running.ROOT}/Systems?$expand=.'
        first = self.client.get(path)
        second = self.useFixture(running.Running(systems=10)).client.get(path)
        self.assertEqual(first, second)
        cores = {
            each['ProcessorSummary']['CoreCount'] for each in first['Members']
        }
        self.assertEqual({8, 16, 32, 64}, cores)

    def test_names_are_unique_among_pods(self) -> None:
        both = self.useFixture(running.Running(pods=2, systems=3))
        uuids = set()
        for client in both.clients:
            uuids.add(client.get(running.ROOT)['UUID'])
            systems = client.get(f'{running.ROOT}/Systems?$expand=.')
            uuids |= {each['UUID'] for each in systems['Members']}
        self.assertEqual(8, len(uuids))

    def test_no_systems(self) -> None:
        client = self.useFixture(running.Running(systems=0)).client
        systems = client.get(f'{running.ROOT}/Systems')
        self.assertEqual(0, systems['Members@odata.count'])
        self.assertEqual(409, client.post(running.ALLOCATE, {}).status_code)


class ExpandTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=2)).client

    def test_advertised(self) -> None:
        features = self.client.get(running.ROOT)['ProtocolFeaturesSupported']
        self.assertTrue(features['ExpandQuery']['NoLinks'])
        self.assertEqual(1, features['ExpandQuery']['MaxLevels'])

    def test_members_inline(self) -> None:
        for value in ('.', '*', '.($levels=1)'):
            systems = self.client.get(
                f'{running.ROOT}/Systems', params={'$expand': value}
            )
            self.assertEqual(
                [
                    self.client.get(f'{running.ROOT}/Systems/1-s-{n}')
                    for n in (1, 2)
                ],
                systems['Members'],
            )

    def test_links_stay_links_unless_asked_for(self) -> None:
        system = self.client.get(f'{running.SYSTEM}?$expand=.')
        self.assertIn('Members', system['Processors'])
        self.assertEqual({'@odata.id'}, set(system['Links']['Chassis'][0]))
        system = self.client.get(f'{running.SYSTEM}?$expand=*')
        self.assertEqual('Sled', system['Links']['Chassis'][0]['Name'])

    def test_refused(self) -> None:
        for query, status in (
            ('$expand=~', 400),
            ('$expand=', 400),
            ('$expand=.($levels=2)', 400),
            ('$filter=x', 501),
            ('only', 200),
        ):
            path = f'{running.ROOT}/Systems?{query}'
            answer = self.client.call('GET', path)
            self.assertEqual(status, answer.status_code, query)


class ProtocolTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=2)).client

    def test_trailing_slash(self) -> None:
        self.assertEqual(
            self.client.get(running.SYSTEM),
            self.client.get(f'{running.SYSTEM}/'),
        )

    def test_unknown_paths(self) -> None:
        for path in (
            '/redfish/v2',
            '/elsewhere',
            f'{running.ROOT}/Systems/1-s-3',
            f'{running.ROOT}/Systems/01-s-1',
            f'{running.ROOT}/Systems/0-s-1',
            f'{running.ROOT}/Systems/1-s-9',
            f'{running.SYSTEM}/Processors/0',
            f'{running.SYSTEM}/Processors/2',
            f'{running.SYSTEM}/Storage/2',
            f'{running.ROOT}/Chassis/2-d-1',
            f'{running.ROOT}/Managers/x',
            f'{running.NODES}/1',
        ):
            answer = self.client.call('GET', path)
            self.assertEqual(404, answer.status_code, path)
            error = answer.json()['error']
            self.assertEqual('Base.1.0.InvalidEndpoint', error['code'])
            self.assertIn('Message', error['@Message.ExtendedInfo'][0])

    def test_wrong_method(self) -> None:
        for method, path, allowed in (
            ('DELETE', running.SYSTEM, 'GET, HEAD, PATCH'),
            ('GET', running.ALLOCATE, 'POST'),
            ('POST', running.NODES, 'GET, HEAD'),
        ):
            answer = self.client.call(method, path)
            self.assertEqual(405, answer.status_code)
            self.assertEqual(allowed, answer.headers['Allow'])

    def test_head(self) -> None:
        answer = self.client.call('HEAD', running.SYSTEM)
        self.assertEqual((200, b''), (answer.status_code, answer.content))

    def test_etag(self) -> None:
        answer = self.client.call('GET', running.SYSTEM)
        headers = {'If-None-Match': answer.headers['ETag']}
        again = self.client.call('GET', running.SYSTEM, headers=headers)
        self.assertEqual((304, b''), (again.status_code, again.content))
        self.client.patch(running.SYSTEM, {'AssetTag': 'new'})
        again = self.client.call('GET', running.SYSTEM, headers=headers)
        self.assertEqual(200, again.status_code)

    def test_metadata(self) -> None:
        answer = self.client.call('GET', f'{running.ROOT}/$metadata')
        self.assertEqual('application/xml', answer.headers['Content-Type'])
        self.assertIn('value', self.client.get(f'{running.ROOT}/odata'))
