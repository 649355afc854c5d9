"""What a PCI device is, in the words of the former Valence."""

_KINDS = {
    0x01: 'SSD',
    0x02: 'NIC',
    0x03: 'GPU',
    0x04: 'MULTI',
    0x06: 'SWITCH',
    0x0C: 'USB',
    0x12: 'ACS',
}
#: Those that compute for the processors: Redfish's ProcessorType for them.
ACCELERATORS = {'GPU': 'GPU', 'ACS': 'Accelerator'}


def kind(code: object) -> str | None:
    """Give what a device is by its class; None if that tells nothing.

    :param code: base class, subclass and interface, as a number or as
        hexadecimal digits: ``0x020000`` (PCI Code and ID Assignment).
    """
    try:
        number = int(code, 16) if isinstance(code, str) else code
    except ValueError:
        return None
    if not isinstance(number, int) or isinstance(number, bool):
        return None
    return _KINDS.get(number >> 16)
