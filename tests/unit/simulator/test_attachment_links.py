"""Where a node shows what is attached, and what its actions tell."""

from typing import Any

import testtools

from tests.unit.simulator import test_walk, versions


def paths(links: Any) -> list[str]:
    return [each['@odata.id'] for each in links]


class LinksTest(testtools.TestCase):
    """Where a node shows what was attached."""

    def test_with_drives(self) -> None:
        for name in versions.NAMES[:-1]:
            version = self.useFixture(versions.Version(name))
            node = version.assembled()
            own = version.client.get(node)['Links']
            drive, volume = version.allowed(node)[0], version.allowed(node)[-1]
            version.attach(node, drive)
            version.attach(node, volume)
            links = version.client.get(node)['Links']
            self.assertEqual(
                [*paths(own['LocalDrives']), drive],
                paths(links['LocalDrives']),
            )
            self.assertEqual([], own['RemoteDrives'])
            self.assertEqual([volume], paths(links['RemoteDrives']))
            self.assertNotIn('Storage', links)

    def test_with_storage(self) -> None:
        version = self.useFixture(versions.Version('rsd2.5'))
        node = version.assembled()
        links = version.client.get(node)['Links']
        self.assertEqual(
            {
                'ComputerSystem',
                'Processors',
                'Memory',
                'EthernetInterfaces',
                'Storage',
            },
            set(links),
        )
        (path,) = paths(links['Storage'])
        own = paths(version.client.get(path)['Drives'])
        drive, volume = version.allowed(node)[0], version.allowed(node)[-1]
        version.attach(node, drive)
        version.attach(node, volume)
        storage = version.client.get(path)
        self.assertEqual([*own, drive], paths(storage['Drives']))
        self.assertEqual(2, storage['Drives@odata.count'])
        volumes = version.client.get(storage['Volumes']['@odata.id'])
        self.assertEqual([volume], paths(volumes['Members']))
        version.detach(node, drive)
        version.detach(node, volume)
        self.assertEqual(own, paths(version.client.get(path)['Drives']))
        test_walk.walk(version.client)

    def test_pooled_drives_are_in_no_system(self) -> None:
        for name in versions.NAMES:
            version = self.useFixture(versions.Version(name))
            drive = version.client.get(version.allowed(version.assembled())[0])
            self.assertEqual('NVMe', drive['Protocol'])
            chassis = version.client.get(
                drive['Links']['Chassis']['@odata.id']
            )
            self.assertEqual([], chassis['Links']['ComputerSystems'])
            self.assertIn(
                drive['@odata.id'], paths(chassis['Links']['Drives'])
            )
            members = version.client.get(f'{chassis["@odata.id"]}/Drives')
            self.assertEqual(chassis['Links']['Drives'], members['Members'])


class OptionsTest(testtools.TestCase):
    def test_capacity(self) -> None:
        for name in versions.BY_ENDPOINT:
            version = self.useFixture(versions.Version(name))
            node = version.assembled()
            path = version.allowed(node)[-1]
            size = version.client.get(path)['CapacityGiB']
            answer = version.attach(node, path, CapacityGiB=size + 1)
            self.assertEqual(400, answer.status_code)
            answer = version.attach(node, path, Protocol='NVMeOverFabrics')
            self.assertEqual(400, answer.status_code)
            answer = version.attach(node, path, CapacityGiB=size)
            self.assertEqual(204, answer.status_code)

    def test_protocol(self) -> None:
        for name in versions.BY_RESOURCE:
            version = self.useFixture(versions.Version(name))
            node = version.assembled()
            path = version.allowed(node)[-1]
            answer = version.attach(node, path, Protocol='Pigeon')
            self.assertEqual(400, answer.status_code)
            answer = version.attach(node, path, CapacityGiB=1)
            self.assertEqual(400, answer.status_code)
            info = version.client.get(
                version.action(node, 'Attach')['@Redfish.ActionInfo']
            )
            (protocol,) = info['Parameters'][1]['AllowableValues']
            answer = version.attach(node, path, Protocol=protocol)
            self.assertEqual(204, answer.status_code)

    def test_action_info(self) -> None:
        version = self.useFixture(versions.Version('rsd2.3'))
        node = version.assembled()
        for verb, names in (
            ('Attach', ['Resource', 'Protocol']),
            ('Detach', ['Resource']),
        ):
            path = version.action(node, verb)['@Redfish.ActionInfo']
            info = version.client.get(path)
            self.assertEqual(path, info['@odata.id'])
            self.assertEqual(
                names, [each['Name'] for each in info['Parameters']]
            )
            self.assertTrue(info['Parameters'][0]['Required'])
            missing = path.replace('/1/', '/9/')
            answer = version.client.call('GET', missing)
            self.assertEqual(404, answer.status_code)

    def test_actions_of_other_versions(self) -> None:
        for name in versions.NAMES:
            version = self.useFixture(versions.Version(name))
            node = version.assembled()
            own = version.action(node, 'Attach')['target']
            other = 'Resource' if version.verb == 'Endpoint' else 'Endpoint'
            answer = version.client.post(own.replace(version.verb, other), {})
            self.assertEqual(404, answer.status_code)
