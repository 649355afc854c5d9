"""A running CompositionService, and what is asked of it."""

from collections.abc import Sequence
from typing import Any

import requests

from tests.unit.simulator import running

SERVICE = f'{running.ROOT}/CompositionService'
BLOCKS = f'{SERVICE}/ResourceBlocks'
ZONES = f'{SERVICE}/ResourceZones'
SYSTEMS = f'{running.ROOT}/Systems'
COMPOSE = f'{SERVICE}/Actions/CompositionService.Compose'
RESERVATIONS = f'{SERVICE}/CompositionReservations'
TRIO = ('ComputeBlock1', 'StorageBlock1', 'NetworkBlock1')
FOR_EVER = 10**7


def block_path(block: str) -> str:
    """Return the path of a block."""
    return f'{BLOCKS}/{block}'


def links(blocks: Sequence[str]) -> list[dict[str, str]]:
    """Return references to blocks."""
    return [{'@odata.id': block_path(each)} for each in blocks]


def named(blocks: Sequence[str] = TRIO, **more: Any) -> dict[str, Any]:
    """Return a request that names its blocks."""
    return {'Name': 'n', 'Links': {'ResourceBlocks': links(blocks)}, **more}


def messages(answer: requests.Response) -> list[str]:
    """Return the names of what an error tells, without the registry."""
    info = answer.json()['error']['@Message.ExtendedInfo']
    return [each['MessageId'].rpartition('.')[2] for each in info]


class Composing(running.Running):
    """A service of four systems' worth; zone 1 has the first two."""

    def __init__(self, mode: str = 'composition', **options: Any) -> None:
        super().__init__(
            mode=mode, **{'systems': 4, 'assembly_ms': 0, **options}
        )

    @property
    def pod(self) -> Any:
        """The state of the pod."""
        return self.pods[0]

    def compose(
        self, blocks: Sequence[str] = TRIO, **more: Any
    ) -> requests.Response:
        """Ask for a system of blocks."""
        return self.client.post(SYSTEMS, named(blocks, **more))

    def composed(self, blocks: Sequence[str] = TRIO, **more: Any) -> str:
        """Return the path of a new system."""
        answer = self.compose(blocks, **more)
        answer.raise_for_status()
        return answer.headers['Location']

    def block(self, block: str) -> Any:
        """Return a block."""
        return self.client.get(block_path(block))

    def status(self, block: str) -> Any:
        """Return the CompositionStatus of a block."""
        return self.block(block)['CompositionStatus']

    def state(self, block: str) -> str:
        """Return the CompositionState of a block."""
        return str(self.status(block)['CompositionState'])

    def reserve(
        self, block: str, client: str | None = None, reserved: bool = True
    ) -> requests.Response:
        """Reserve a block as it is now, or let go of it."""
        body: dict[str, Any] = {'CompositionStatus': {'Reserved': reserved}}
        if client is not None:
            body['Client'] = client
        etag = self.block(block)['@odata.etag']
        return self.patch(block, body, etag)

    def patch(
        self, block: str, body: Any, etag: str | None = None
    ) -> requests.Response:
        """Change a block."""
        headers = {} if etag is None else {'If-Match': etag}
        return self.client.call(
            'PATCH', block_path(block), json=body, headers=headers
        )
