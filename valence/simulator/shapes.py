"""The shape of each request body: sections 3.1 and 3.2 of the RSD API.

Shapes only; what a value means is decided where it is used.
"""

from valence.simulator import computers, events, validation
from valence.simulator import personality as personalities

LINK = validation.LINK

_BRANDS = frozenset(
    {
        'E3',
        'E5',
        'E7',
        'X3',
        'X5',
        'X7',
        'I3',
        'I5',
        'I7',
        'Bronze',
        'Silver',
        'Gold',
        'Platinum',
        'Unknown',
    }
)
_FEATURES: validation.Shape = {'Brand': _BRANDS, 'Capabilities': [str]}
_PLACE: dict[str, validation.Shape] = {'Resource': LINK, 'Chassis': LINK}

_PROCESSOR: validation.Shape = {
    'Model': str,
    'TotalCores': int,
    'AchievableSpeedMHz': int,
    'InstructionSet': frozenset(
        {
            'x86',
            'x86-64',
            'IA-64',
            'ARM-A32',
            'ARM-A64',
            'MIPS32',
            'MIPS64',
            'OEM',
        }
    ),
    'ProcessorType': frozenset(
        {'CPU', 'GPU', 'FPGA', 'DSP', 'Accelerator', 'OEM'}
    ),
    'Connectivity': [frozenset({'Local', 'Ethernet', 'RemotePCIe'})],
    # Version 2.1 had the features directly below Oem.
    'Oem': {'Intel_RackScale': _FEATURES, **_FEATURES},
    **_PLACE,
}

_MEMORY: validation.Shape = {
    'CapacityMiB': int,
    'MemoryType': frozenset(
        {'DRAM', 'NVDIMM_N', 'NVDIMM_F', 'NVDIMM_P', 'IntelOptane'}
    ),
    'MemoryDeviceType': str,
    'SpeedMHz': int,
    'Manufacturer': str,
    'DataWidthBits': int,
    **_PLACE,
}

_LOCAL_DRIVE: validation.Shape = {
    'CapacityGiB': int,
    'Type': frozenset({'HDD', 'SSD'}),
    'MinRPM': int,
    'SerialNumber': str,
    'Interface': frozenset({'SAS', 'SATA', 'NVMe', 'PCIe'}),
    'FabricSwitch': bool,
    **_PLACE,
}

_REMOTE_DRIVE: validation.Shape = {
    'CapacityGiB': int,
    'Protocol': frozenset({'iSCSI', 'NVMeOverFabrics'}),
    'Master': {'Type': frozenset({'Snapshot', 'Clone'}), 'Resource': LINK},
    'Resource': LINK,
}

_ETHERNET_INTERFACE: validation.Shape = {
    'SpeedMbps': int,
    'PrimaryVLAN': int,
    'VLANs': [{'VLANId': int, 'VLANEnable': bool, 'Tagged': bool}],
    'MACAddress': str,
    **_PLACE,
}

_ALLOCATE: dict[str, validation.Shape] = {
    'Name': str,
    'Description': str,
    'TotalSystemCoreCount': int,
    'TotalSystemMemoryMiB': int,
    'Processors': [_PROCESSOR],
    'Memory': [_MEMORY],
    'LocalDrives': [_LOCAL_DRIVE],
    'RemoteDrives': [_REMOTE_DRIVE],
    'EthernetInterfaces': [_ETHERNET_INTERFACE],
}

_SECURITY: dict[str, validation.Shape] = {
    'TPMPresent': bool,
    'TPMInterfaceType': frozenset({'TPM1_2', 'TPM2_0'}),
    'TXTEnabled': bool,
}


def allocate(kind: personalities.Personality) -> validation.Shape:
    """Return the shape of what asks for a node."""
    return {**_ALLOCATE, 'Security': {**_SECURITY, **_on_delete(kind)}}


def patch_node(kind: personalities.Personality) -> validation.Shape:
    """Return the shape of what changes a node."""
    shape = {'Boot': computers.BOOT_SHAPE, **_on_delete(kind)}
    if kind.tagged_values:
        shape['Oem'] = {'Intel_RackScale': {'TaggedValues': dict}}
    return shape


def _on_delete(kind: personalities.Personality) -> dict[str, validation.Shape]:
    shape: dict[str, validation.Shape] = {}
    if kind.clears_tpm:
        shape['ClearTPMOnDelete'] = bool
    if kind.memory_on_delete is not None:
        shape[kind.memory_on_delete.name] = kind.memory_on_delete.shape
    return shape


_ATTACH_OPTIONS: dict[str, validation.Shape] = {
    'CapacityGiB': int,
    'Protocol': frozenset({'NVMeOverFabrics'}),
}

DETACH: validation.Shape = {'Resource': LINK}


def attach(kind: personalities.Personality) -> validation.Shape:
    """Return the shape of what attaches something to a node."""
    shape = {'Resource': LINK}
    if kind.attaching is not None:
        shape[kind.attaching.option] = _ATTACH_OPTIONS[kind.attaching.option]
    return shape


PATCH_SYSTEM: validation.Shape = {
    'AssetTag': str,
    'Boot': computers.BOOT_SHAPE,
}

LOGIN: validation.Shape = {'UserName': str, 'Password': str}

_SUBSCRIBE: dict[str, validation.Shape] = {
    'Name': str,
    'Destination': str,
    'Context': str,
    'Protocol': frozenset({'Redfish'}),
    'EventTypes': [frozenset(events.TYPES)],
    'OriginResources': [LINK],
}

# What came later than Intel's own.
_SUBSCRIBE_STANDARD: dict[str, validation.Shape] = {
    **_SUBSCRIBE,
    'HttpHeaders': [dict],
    'SubscriptionType': frozenset({'RedfishEvent'}),
    'DeliveryRetryPolicy': frozenset(
        {'TerminateAfterRetries', 'SuspendRetries', 'RetryForever'}
    ),
}


def subscribe(kind: personalities.Personality) -> validation.Shape:
    """Return the shape of a subscription to events."""
    return _SUBSCRIBE if kind.composes else _SUBSCRIBE_STANDARD
