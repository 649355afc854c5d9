"""Serve the API with granian, with the numbers that Valence's has."""

import sys

from granian import Granian
from granian.constants import Interfaces

if __name__ == '__main__':
    Granian(
        'bench.usual.wsgi:application',
        address='127.0.0.1',
        port=int(sys.argv[1]),
        interface=Interfaces.WSGI,
        workers=1,
        blocking_threads=16,
        log_enabled=False,
    ).serve()
