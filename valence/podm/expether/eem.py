"""What is asked of an ExpEther manager (EEM): its REST API, typed.

All paths are built, as there are no links to follow. An EEM is asked for
devices of one status at a time, and what it answers is filtered again here:
some ignore the query.
"""

from typing import Any

from valence.common import exception
from valence.common.http_client import HttpClient
from valence.podm.expether import devices, urls
from valence.podm.expether.devices import Device, Status


class Eem:
    """One ExpEther manager. Thread-safe.

    :param base: its path at the server.
    """

    def __init__(self, client: HttpClient, base: str) -> None:
        self.client = client
        self.base = base

    def version(self) -> str:
        """Read the version of the API.

        :raises PodManagerMalformed: if it does not tell.
        """
        path = f'{self.base}/api_version'
        version = self.client.get(path).get('version_number')
        if not isinstance(version, str | int):
            raise self.client.malformed(
                path, 'version_number is missing or of a wrong type'
            )
        return str(version)

    def listing(self, status: Status) -> str:
        """Give the path of all devices of a status."""
        return f'{self.base}/devices/detail?status={status}'

    def devices(self, status: Status) -> list[Device]:
        """Read all devices of a status."""
        path = self.listing(status)
        found = self.client.get(path).get('devices')
        if not isinstance(found, list):
            raise self.client.malformed(
                path, 'devices is missing or of a wrong type'
            )
        read = [devices.read(self.client, path, raw) for raw in found]
        return [device for device in read if device.status == status]

    def device(self, identity: str) -> Device:
        """Read a device.

        :raises PodManagerResourceMissing: if it is gone.
        """
        path = urls.device_url(self.base, identity)
        raw: Any = self.client.get(path).get('device')
        device = devices.read(self.client, path, raw)
        if device.id != identity:
            raise self.client.malformed(path, f'it is of {device.id}')
        return device

    def join(self, device: Device, group: int) -> None:
        """Put a device into a group; to do so twice does no harm."""
        # As a string: so EEM sends it, too.
        self.client.send('PUT', self._group_of(device), _body(group))

    def leave(self, device: Device) -> None:
        """Take a device out of its group; one that is gone is no error."""
        try:
            self.client.send('DELETE', self._group_of(device))
        except exception.PodManagerResourceMissing:
            return

    def missing(
        self, path: str, reason: str
    ) -> exception.PodManagerResourceMissing:
        """Give the error for what is not there, as an EEM would."""
        return exception.PodManagerResourceMissing(
            url=self.client.url,
            answer=404,
            method='GET',
            path=path,
            reason=reason,
            codes=[],
        )

    def _group_of(self, device: Device) -> str:
        return f'{urls.device_url(self.base, device.id)}/group_id'


def _body(group: int) -> dict[str, str]:
    return {'group_id': str(group)}
