"""The part of a computer system that a client can change.

States are immutable values: a pod keeps one only for a system that was
touched, and a reader in another thread never sees half a change.
"""

import dataclasses
import typing

from valence.simulator import errors, validation

RESET_TYPES = (
    'On',
    'ForceOff',
    'GracefulShutdown',
    'GracefulRestart',
    'ForceRestart',
    'Nmi',
    'ForceOn',
    'PushPowerButton',
)
BOOT_TARGETS = ('None', 'Pxe', 'Hdd', 'RemoteDrive')
BOOT_ENABLED = ('Disabled', 'Once', 'Continuous')
BOOT_MODES = ('Legacy', 'UEFI')

BOOT_SHAPE: validation.Shape = {
    'BootSourceOverrideTarget': frozenset(BOOT_TARGETS),
    'BootSourceOverrideEnabled': frozenset(BOOT_ENABLED),
    'BootSourceOverrideMode': frozenset(BOOT_MODES),
}
RESET_SHAPE: validation.Shape = {'ResetType': frozenset(RESET_TYPES)}

_POWER_OFF = frozenset({'ForceOff', 'GracefulShutdown'})


@dataclasses.dataclass(frozen=True, slots=True)
class SystemState:
    """Power, boot override and asset tag of one system."""

    power: str = 'Off'
    boot_target: str = 'None'
    boot_enabled: str = 'Disabled'
    boot_mode: str = 'UEFI'
    asset_tag: str | None = None

    def reset(self, reset_type: str) -> 'SystemState':
        """Return the state after a reset."""
        if reset_type == 'Nmi':
            return self
        off = reset_type in _POWER_OFF or (
            reset_type == 'PushPowerButton' and self.power == 'On'
        )
        if off:
            return dataclasses.replace(self, power='Off')
        if reset_type in ('On', 'ForceOn') and self.power == 'On':
            return self
        return self._booted()

    def with_boot(self, boot: dict[str, typing.Any]) -> 'SystemState':
        """Return the state after a PATCH of Boot, already checked."""
        target = boot.get('BootSourceOverrideTarget') or self.boot_target
        enabled = boot.get('BootSourceOverrideEnabled') or self.boot_enabled
        mode = boot.get('BootSourceOverrideMode') or self.boot_mode
        return dataclasses.replace(
            self, boot_target=target, boot_enabled=enabled, boot_mode=mode
        )

    def _booted(self) -> 'SystemState':
        # "Once" is spent by the boot it was meant for.
        if self.boot_enabled != 'Once':
            return dataclasses.replace(self, power='On')
        return dataclasses.replace(
            self, power='On', boot_enabled='Disabled', boot_target='None'
        )


INITIAL = SystemState()


def reset_type(body: dict[str, typing.Any]) -> str:
    """Return the reset type a body asks for.

    :raises RedfishError: 400, when it asks for none, or for no such one
    """
    validation.check(body, RESET_SHAPE)
    wanted = body.get('ResetType')
    if wanted is None:
        raise errors.invalid_payload('Property ResetType is required.')
    return str(wanted)
