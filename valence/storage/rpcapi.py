"""The way to ask storage.

History: 1.0 ping.
"""

from typing import Any

from valence.common.bus import Bus
from valence.common.context import RequestContext

TOPIC = 'valence-storage'
VERSION = '1.0'


class StorageAPI:
    """Calls; each raises ServiceUnavailable when nobody answers in time."""

    def __init__(self, bus: Bus) -> None:
        self._client = bus.client(TOPIC, VERSION)

    def ping(self, ctxt: RequestContext) -> dict[str, Any]:
        """Ask for a sign of life."""
        answer: dict[str, Any] = self._client.call(ctxt, 'ping')
        return answer
