"""Accelerators, and the PCIe devices of sleds and of pooled drives."""

from typing import Any

import testtools

from tests.unit.simulator import running, versions

CHASSIS = f'{running.ROOT}/Chassis'


class DevicesTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=6)).client

    def devices(self, system: str) -> list[str]:
        path = f'{running.ROOT}/Systems/{system}'
        found: list[Any] = self.client.get(path)['PCIeDevices']
        return [each['@odata.id'] for each in found]

    def test_accelerators_are_processors_and_devices(self) -> None:
        for system, kinds in (('1-s-5', ['GPU', 'GPU']), ('1-s-6', ['FPGA'])):
            path = f'{running.ROOT}/Systems/{system}/Processors?$expand=.'
            beside = [
                each
                for each in self.client.get(path)['Members']
                if each['ProcessorType'] != 'CPU'
            ]
            self.assertEqual(kinds, [each['ProcessorType'] for each in beside])
            self.assertEqual(
                self.devices(system),
                [each['Links']['PCIeDevice']['@odata.id'] for each in beside],
            )
        self.assertEqual([], self.devices('1-s-1'))

    def test_pooled_drives_are_devices(self) -> None:
        box = self.client.get(f'{CHASSIS}/1-j-1')
        for each in box['Links']['PCIeDevices']:
            device = self.client.get(each['@odata.id'])
            (function,) = device['Links']['PCIeFunctions']
            document = self.client.get(function['@odata.id'])
            self.assertEqual('0x010802', document['ClassCode'])
            (drive,) = document['Links']['Drives']
            self.assertIn(drive, box['Links']['Drives'])

    def test_attached_drive_is_a_device_of_the_system(self) -> None:
        version = self.useFixture(versions.Version('rsd2.3'))
        node = version.assembled()
        drive = version.allowed(node)[0]
        version.attach(node, drive)
        links = version.client.get(node)['Links']
        system = links['ComputerSystem']['@odata.id']
        self.assertEqual(
            [{'@odata.id': drive.replace('Drives', 'PCIeDevices')}],
            version.client.get(system)['PCIeDevices'],
        )

    def test_unknown(self) -> None:
        for path in (
            f'{CHASSIS}/1-c-1/PCIeDevices/1',
            f'{CHASSIS}/1-c-6/PCIeDevices/2',
            f'{CHASSIS}/1-c-6/PCIeDevices/1/Functions/2',
            f'{CHASSIS}/1-c-1/PCIeDevices/1/Functions/1',
            f'{CHASSIS}/1-j-1/PCIeDevices/5',
            f'{CHASSIS}/1-j-1/PCIeDevices/5/Functions/1',
            f'{CHASSIS}/1-r-1/PCIeDevices/1',
            f'{running.ROOT}/Systems/1-s-6/Processors/4',
        ):
            self.assertEqual(
                404, self.client.call('GET', path).status_code, path
            )

    def test_none_where_systems_are_composed(self) -> None:
        client = self.useFixture(
            running.Running(mode='composition', systems=6)
        ).client
        sled = client.get(f'{CHASSIS}/1-c-6')
        self.assertEqual([], sled['Links']['PCIeDevices'])
