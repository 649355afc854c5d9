"""The storage service in a process of its own."""

import sys

from valence.cmd import parts
from valence.common import service
from valence.conf import CONF


def main() -> int:
    service.configure('valence-storage', sys.argv[1:])
    return service.launch(
        service.Service(
            'valence-storage', parts.alone(CONF, parts.storage_parts)
        )
    )
