"""What storage answers."""

from typing import Any

from valence.common import bus
from valence.common.context import RequestContext
from valence.storage.rpcapi import VERSION


class StorageManager(bus.Endpoint):
    """The endpoint of the storage topic."""

    version = VERSION

    def ping(self, ctxt: RequestContext) -> dict[str, Any]:
        return {'topic': 'storage'}
