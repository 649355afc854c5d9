"""How the versions of Intel RSD differ on the wire."""

from typing import Any

import requests
import testtools

from tests.unit.simulator import running, test_walk, versions

ABOVE_2_1 = versions.NAMES[1:]


class VersionsTest(testtools.TestCase):
    def version(self, name: str, **options: Any) -> versions.Version:
        return self.useFixture(versions.Version(name, **options))

    def test_told(self) -> None:
        for name, api, redfish in (
            ('rsd2.1', '2.1.0', '1.0.2'),
            ('rsd2.2', '2.2.0', '1.1.0'),
            ('rsd2.3', '2.3.0', '1.1.0'),
            ('rsd2.4', '2.4.0', '1.5.0'),
            ('rsd2.5', '2.5.0', '1.5.0'),
        ):
            version = self.version(name)
            self.assertEqual(api, version.extension()['ApiVersion'])
            self.assertEqual(redfish, version.root()['RedfishVersion'])

    def test_rsd_is_2_3(self) -> None:
        other = self.version('rsd')
        version = self.version('rsd2.3')
        self.assertEqual(version.root(), other.root())

    def test_all_links_lead_to_what_they_say(self) -> None:
        for name in versions.NAMES:
            version = self.version(name, systems=9)
            node = version.assembled()
            for path in version.allowed(node)[::4]:
                version.attach(node, path)
            documents = test_walk.walk(version.client)
            for path, document in documents.items():
                self.assertEqual(path, document['@odata.id'])
                self.assertIn('Name', document)

    def test_additions_are_on_top_in_2_1(self) -> None:
        version = self.version('rsd2.1')
        names = {'Nodes', 'EthernetSwitches', 'Services'}
        self.assertLessEqual(names, set(version.root()))
        self.assertEqual(
            {'@odata.type', 'ApiVersion'}, set(version.extension())
        )

    def test_additions_are_below_oem(self) -> None:
        for name in ABOVE_2_1:
            version = self.version(name)
            for link in ('Nodes', 'EthernetSwitches'):
                self.assertNotIn(link, version.root())
                self.assertIn(link, version.extension())

    def test_allocate(self) -> None:
        for name in versions.NAMES:
            version = self.version(name)
            ((key, action),) = version.linked('Nodes')['Actions'].items()
            word = 'Nodes' if name == 'rsd2.1' else 'Node'
            self.assertEqual(f'#Composed{word}Collection.Allocate', key)
            answer = version.client.post(action['target'], {})
            self.assertEqual(201, answer.status_code)

    def test_annotations(self) -> None:
        for name in versions.NAMES:
            version = self.version(name)
            node = version.client.get(version.client.allocate())
            system = version.first('Systems')
            annotation = 'DMTF' if name == 'rsd2.1' else 'Redfish'
            for each in (
                node['Boot'],
                system['Boot'],
                node['Actions']['#ComposedNode.Reset'],
                system['Actions']['#ComputerSystem.Reset'],
            ):
                found = {key.partition('@')[2] for key in each if '@' in key}
                self.assertEqual({f'{annotation}.AllowableValues'}, found)

    def test_sessions(self) -> None:
        for name in versions.NAMES:
            version = self.version(name)
            has = name not in versions.BY_ENDPOINT
            root = version.root()
            self.assertEqual(has, 'SessionService' in root)
            self.assertEqual(has, 'Sessions' in root['Links'])
            answer = version.client.login()
            self.assertEqual(201 if has else 401, answer.status_code)
            answer = version.client.call('GET', running.SESSIONS)
            self.assertEqual(200 if has else 404, answer.status_code)

    def test_a_token_is_nothing_where_there_are_no_sessions(self) -> None:
        version = self.version('rsd2.2')
        answer = requests.get(
            version.client.url + running.NODES,
            headers={'X-Auth-Token': 'x'},
            timeout=10,
        )
        self.assertEqual(401, answer.status_code)

    def test_accounts(self) -> None:
        for name in versions.NAMES:
            version = self.version(name)
            has = name in ('rsd2.4', 'rsd2.5')
            self.assertEqual(has, 'AccountService' in version.root())
        service = version.linked('AccountService')
        accounts = version.client.get(service['Accounts']['@odata.id'])
        account = version.client.get(accounts['Members'][0]['@odata.id'])
        self.assertEqual('admin', account['UserName'])
        self.assertIsNone(account['Password'])
        role = version.client.get(account['Links']['Role']['@odata.id'])
        self.assertEqual(account['RoleId'], role['Id'])

    def test_no_telling_of_what_is_not_there(self) -> None:
        for name, missing in (
            ('rsd2.1', 'StorageServices'),
            ('rsd2.2', 'AccountService'),
            ('rsd2.3', 'Services'),
            ('rsd2.4', 'Services'),
            ('plain', 'Nodes'),
            ('plain', 'EthernetSwitches'),
            ('plain', 'StorageServices'),
            ('plain', 'Chassis/1-j-1'),
        ):
            client = self.useFixture(running.Running(mode=name)).client
            answer = client.call('GET', f'{running.ROOT}/{missing}')
            self.assertEqual(404, answer.status_code, (name, missing))


class IdsTest(testtools.TestCase):
    def ids(self, name: str) -> set[Any]:
        version = self.useFixture(versions.Version(name, systems=9))
        version.assembled()
        documents = test_walk.walk(version.client).items()
        return {
            (path.split('/')[3], document['Id'])
            for path, document in documents
            if 'Members' not in document and path.count('/') == 4
        }

    def numbers(self, kind: type) -> set[Any]:
        found = {
            'Systems': 9,
            'Chassis': 13,
            'Managers': 2,
            'EthernetSwitches': 2,
            'Services': 1,
            'Nodes': 1,
        }
        return {
            (name, kind(number + 1))
            for name, count in found.items()
            for number in range(count)
        }

    def test_numbers(self) -> None:
        self.assertEqual(self.numbers(int), self.ids('rsd2.1'))
        self.assertEqual(self.numbers(str), self.ids('rsd2.2'))

    def test_others(self) -> None:
        for name in versions.BY_RESOURCE:
            own_ids = self.ids(name)
            for each in (
                ('Systems', '2-s-1'),
                ('Chassis', '1-c-8'),
                ('Chassis', '1-j-1'),
                ('Managers', '2-m-1'),
                ('EthernetSwitches', '2-sw-1'),
                ('StorageServices', '1-sv-1'),
                ('Nodes', '1'),
            ):
                self.assertIn(each, own_ids)

    def test_of_parts(self) -> None:
        for name, own_id in (('rsd2.1', 1), ('rsd2.2', '1')):
            version = self.useFixture(versions.Version(name))
            path = f'{running.ROOT}/Systems/1/Processors/1'
            self.assertEqual(own_id, version.client.get(path)['Id'])

    def test_of_an_answer_to_a_change(self) -> None:
        version = self.useFixture(versions.Version('rsd2.1'))
        path = f'{running.ROOT}/Systems/1'
        answer = version.client.patch(path, {'AssetTag': 'new'})
        self.assertEqual(1, answer.json()['Id'])
        self.assertEqual(version.client.get(path), answer.json())

    def test_unknown(self) -> None:
        version = self.useFixture(versions.Version('rsd2.2'))
        for path in (
            'Systems/3',
            'Systems/0',
            'Systems/01',
            'Systems/1-s-1',
            'Chassis/6',
            'Chassis/5/Drives/5',
            'Managers/2',
            'EthernetSwitches/2',
            'EthernetSwitches/1/Ports/5',
            'Services/2',
            'Services/1/LogicalDrives/5',
            'Services/1/Drives/3',
            'Services/1/Targets/0',
        ):
            answer = version.client.call('GET', f'{running.ROOT}/{path}')
            self.assertEqual(404, answer.status_code, path)


class NodePropertiesTest(testtools.TestCase):
    """What happens when a node is taken apart, and what is on it."""

    def setUp(self) -> None:
        super().setUp()
        self.memory = {
            'rsd2.4': ('PersistentMemoryOperationOnDelete', 'SecureErase'),
            'rsd2.5': ('ClearOptaneDCPersistentMemoryOnDelete', False),
        }

    def node(self, name: str, **request: Any) -> tuple[running.Client, str]:
        client = self.useFixture(versions.Version(name)).client
        return client, client.allocate(**request)

    def test_clear_tpm(self) -> None:
        for name in versions.NAMES:
            client, node = self.node(name)
            has = name not in versions.BY_ENDPOINT
            self.assertEqual(has, 'ClearTPMOnDelete' in client.get(node))
            body = {'ClearTPMOnDelete': False}
            status = client.patch(node, body).status_code
            self.assertEqual(200 if has else 400, status)
            answer = client.post(running.ALLOCATE, {'Security': body})
            self.assertEqual(201 if has else 400, answer.status_code)

    def test_memory_on_delete(self) -> None:
        known = {own for own, _ in self.memory.values()}
        for name in versions.NAMES:
            client, node = self.node(name)
            own, value = self.memory.get(name, (None, None))
            self.assertEqual(
                {own} - {None}, known & set(client.get(node)), name
            )
            for each in known - {own}:
                answer = client.patch(node, {each: value})
                self.assertEqual(400, answer.status_code)

    def test_set_memory_on_delete(self) -> None:
        for name, (own, value) in self.memory.items():
            client, node = self.node(name)
            self.assertNotEqual(value, client.get(node)[own])
            self.assertEqual(200, client.patch(node, {own: value}).status_code)
            self.assertEqual(value, client.get(node)[own])
            self.assertEqual(400, client.patch(node, {own: 'x'}).status_code)
            other = client.allocate(Security={own: value})
            self.assertEqual(value, client.get(other)[own])

    def tags(self, **values: Any) -> Any:
        return {'Oem': {'Intel_RackScale': {'TaggedValues': values}}}

    def test_tagged_values(self) -> None:
        client, node = self.node('rsd2.5')
        self.assertEqual(self.tags()['Oem'], client.get(node)['Oem'])
        client.patch(node, self.tags(a='1', b={'c': 2}))
        client.patch(node, self.tags(a=None, d=3))
        self.assertEqual(
            self.tags(b={'c': 2}, d=3)['Oem'], client.get(node)['Oem']
        )
        wrong = {'Oem': {'Intel_RackScale': {'TaggedValues': []}}}
        self.assertEqual(400, client.patch(node, wrong).status_code)

    def test_no_tagged_values_before_2_5(self) -> None:
        for name in versions.NAMES[:-1]:
            client, node = self.node(name)
            self.assertNotIn('Oem', client.get(node))
            answer = client.patch(node, self.tags(a='1'))
            self.assertEqual(400, answer.status_code)
