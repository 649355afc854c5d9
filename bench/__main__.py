"""Run the groups that are named, or all: see doc/performance.rst."""

import importlib
import signal
import sys
from types import FrameType

GROUPS = ('rpc', 'tasks', 'api', 'redfish', 'inventory', 'mem')


def main(names: list[str]) -> int:
    unknown = sorted(set(names) - set(GROUPS))
    if unknown:
        print(
            f'There is no group {", ".join(unknown)}; '
            f'there are {", ".join(GROUPS)}.',
            file=sys.stderr,
        )
        return 2
    # All that was started is stopped on the way out, by SIGTERM too.
    signal.signal(signal.SIGTERM, _end)
    try:
        for name in names or GROUPS:
            importlib.import_module(f'bench.{name}').run()
    except KeyboardInterrupt:
        return 130
    return 0


def _end(number: int, frame: FrameType | None) -> None:
    sys.exit(128 + number)


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
