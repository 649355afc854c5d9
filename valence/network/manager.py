"""What network answers."""

from typing import Any

from valence.common import bus
from valence.common.context import RequestContext
from valence.network.rpcapi import VERSION


class NetworkManager(bus.Endpoint):
    """The endpoint of the network topic."""

    version = VERSION

    def ping(self, ctxt: RequestContext) -> dict[str, Any]:
        return {'topic': 'network'}
