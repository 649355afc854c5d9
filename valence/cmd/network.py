"""The network service in a process of its own."""

import sys

from valence.cmd import parts
from valence.common import service
from valence.conf import CONF


def main() -> int:
    service.configure('valence-network', sys.argv[1:])
    return service.launch(
        service.Service(
            'valence-network', parts.alone(CONF, parts.network_parts)
        )
    )
