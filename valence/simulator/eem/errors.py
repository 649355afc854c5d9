"""Errors as an ExpEther manager words them: a code and a message."""

import typing

from valence.simulator import errors


class EemError(errors.RedfishError):
    """An answer with an error body that is not of Redfish.

    The code begins with the status, as in 40400.
    """

    def __init__(self, status: int, message: str) -> None:
        super().__init__(status, f'{status}00', message)

    def document(self) -> dict[str, typing.Any]:
        """Return the body."""
        return {'code': self.code, 'message': self.message}


def unknown_device(own_id: str) -> EemError:
    """Return the error for a device that is not there."""
    return EemError(404, f'Device {own_id} not found.')


def wrong_group(value: object) -> EemError:
    """Return the error for what cannot be the id of a group."""
    return EemError(400, f'group_id {value!r} is not 16 to 4092 or null.')


def no_group() -> EemError:
    """Return the error for a manager whose groups are all in use."""
    return EemError(409, 'No group_id is left.')


def unreachable(own_id: str) -> EemError:
    """Return the error for a device that nothing is heard of."""
    return EemError(500, f'Device {own_id} does not respond.')


def locked(own_id: str) -> EemError:
    """Return the error for a device whose group cannot be changed."""
    return EemError(409, f'Device {own_id} is locked.')
