"""Storage that is in no system, and the switches."""

from typing import Any

import testtools

from tests.unit.simulator import running, versions


class StorageTest(testtools.TestCase):
    def test_services(self) -> None:
        for name in versions.BY_ENDPOINT:
            version = self.useFixture(versions.Version(name))
            service = version.first('Services')
            get = version.client.get
            drives = get(service['LogicalDrives']['@odata.id'])['Members']
            free = version.allowed(version.assembled())
            self.assertEqual(free[4:], [each['@odata.id'] for each in drives])
            drive = get(drives[0]['@odata.id'])
            self.assertGreater(drive['CapacityGiB'], 0)
            target = get(drive['Links']['Targets'][0]['@odata.id'])
            self.assertIn('TargetIQN', target['Addresses'][0]['iSCSI'])
            physical = get(drive['Links']['PhysicalDrives'][0]['@odata.id'])
            self.assertIn(drives[0], physical['Links']['UsedBy'])

    def test_swordfish(self) -> None:
        for name in versions.BY_RESOURCE:
            version = self.useFixture(versions.Version(name))
            service = version.first('StorageServices')
            get = version.client.get
            volumes = get(service['Volumes']['@odata.id'])['Members']
            free = version.allowed(version.assembled())
            self.assertEqual(free[4:], [each['@odata.id'] for each in volumes])
            pools = get(service['StoragePools']['@odata.id'])
            pool = get(pools['Members'][0]['@odata.id'])
            allocated = get(pool['AllocatedVolumes']['@odata.id'])
            self.assertEqual(volumes, allocated['Members'])
            sizes = [get(each)['CapacityBytes'] for each in free[4:]]
            self.assertEqual(
                sum(sizes), pool['Capacity']['Data']['ConsumedBytes']
            )

    def providing(self, version: versions.Version, name: str) -> Any:
        """Return what provides a volume, wherever it is told."""
        get = version.client.get
        volumes = version.first('StorageServices')['Volumes']['@odata.id']
        volume = get(get(volumes)['Members'][0]['@odata.id'])
        (source,) = volume['CapacitySources']
        if name != 'rsd2.3':
            self.assertEqual({'@odata.id'}, set(source))
            source = get(source['@odata.id'])
            return get(source['ProvidingPools']['@odata.id'])['Members']
        return source['ProvidingPools']

    def test_capacity_sources(self) -> None:
        for name in versions.BY_RESOURCE:
            version = self.useFixture(versions.Version(name))
            service = version.first('StorageServices')
            pools = version.client.get(service['StoragePools']['@odata.id'])
            self.assertEqual(pools['Members'], self.providing(version, name))

    def test_unknown(self) -> None:
        client = self.useFixture(versions.Version('rsd2.4')).client
        base = f'{running.ROOT}/StorageServices/1-sv-1'
        for path in (
            f'{running.ROOT}/StorageServices/1',
            f'{running.ROOT}/StorageServices/1/Volumes',
            f'{base}/Volumes/1-sv-1-vl-5',
            f'{base}/Volumes/1',
            f'{base}/Volumes/1-sv-1-vl-1/CapacitySources/2',
            f'{base}/StoragePools/2',
            f'{base}/StoragePools/2/AllocatedPools',
            f'{base}/StoragePools/1/CapacitySources/2',
            f'{base}/Drives/3',
            f'{running.ROOT}/AccountService/Accounts/2',
            f'{running.ROOT}/AccountService/Roles/Other',
            f'{running.ROOT}/Chassis/1-j-1/Drives/5',
            f'{running.SYSTEM}/Storage/2/Volumes',
        ):
            self.assertEqual(404, client.call('GET', path).status_code, path)


class SwitchesTest(testtools.TestCase):
    def test_each_interface_has_a_port(self) -> None:
        version = self.useFixture(versions.Version('rsd2.3', systems=10))
        get = version.client.get
        wired = set()
        for each in version.linked('EthernetSwitches')['Members']:
            ports = get(f'{each["@odata.id"]}/Ports?$expand=.')['Members']
            wired |= {
                (port['NeighborMAC'], port['LinkSpeedMbps']) for port in ports
            }
        interfaces = set()
        for each in version.linked('Systems')['Members']:
            path = f'{each["@odata.id"]}/EthernetInterfaces?$expand=.'
            interfaces |= {
                (one['MACAddress'], one['SpeedMbps'])
                for one in get(path)['Members']
            }
        self.assertEqual(interfaces, wired)
