"""Bodies about nodes."""

from wsme import types as wtypes

from valence.api.types.base import (
    Body,
    Choice,
    Name,
    Nullable,
    Number,
    Path,
    Text,
)

#: Redfish's own words.
RESET_TYPES = (
    'On',
    'ForceOn',
    'ForceOff',
    'GracefulShutdown',
    'GracefulRestart',
    'ForceRestart',
    'Nmi',
    'PushPowerButton',
    'PowerCycle',
)


class Processor(Body):
    total_cores = wtypes.wsattr(Number())
    model = wtypes.wsattr(Text())
    instruction_set = wtypes.wsattr(Text())
    speed_mhz = wtypes.wsattr(Number())


class Memory(Body):
    capacity_mib = wtypes.wsattr(Number())
    type = wtypes.wsattr(Text())
    speed_mhz = wtypes.wsattr(Number())


class LocalDrive(Body):
    capacity_gib = wtypes.wsattr(Number())
    type = wtypes.wsattr(Choice('SSD', 'HDD'))


class Network(Body):
    speed_mbps = wtypes.wsattr(Number())


class PciDevice(Body):
    type = wtypes.wsattr([Text(least=1)])


class Properties(Body):
    """What a node shall have at least."""

    processor = wtypes.wsattr(Processor)
    memory = wtypes.wsattr(Memory)
    local_drive = wtypes.wsattr(LocalDrive)
    network = wtypes.wsattr(Network)
    pci_device = wtypes.wsattr(PciDevice)


class NodeCreate(Body):
    name = wtypes.wsattr(Name(), mandatory=True)
    description = wtypes.wsattr(Text(most=1000))
    podm_id = wtypes.wsattr(Nullable(Text(least=1)))
    flavor_id = wtypes.wsattr(Nullable(Text(least=1)))
    properties = wtypes.wsattr(Properties)


class NodeManage(Body):
    """With exactly one of ``node_index`` and ``resource_url``."""

    podm_id = wtypes.wsattr(Text(least=1), mandatory=True)
    node_index = wtypes.wsattr(Text(least=1))
    resource_url = wtypes.wsattr(Path())
    name = wtypes.wsattr(Name())
    description = wtypes.wsattr(Text(most=1000))


class NodePatch(Body):
    name = wtypes.wsattr(Name())
    description = wtypes.wsattr(Text(most=1000))


class Reset(Body):
    Type = wtypes.wsattr(Choice(*RESET_TYPES), mandatory=True)


class Boot(Body):
    Enabled = wtypes.wsattr(
        Choice('Disabled', 'Once', 'Continuous'), mandatory=True
    )
    Target = wtypes.wsattr(Text(least=1), mandatory=True)
    Mode = wtypes.wsattr(Choice('UEFI', 'Legacy'))


class Action(Body):
    """Exactly one of them."""

    Reset = wtypes.wsattr(Reset)
    Boot = wtypes.wsattr(Boot)
