"""Reading pod managers: our driver, and what else there is to do it with."""

from bench.redfish import sides, walk


def run() -> None:
    walk.run()
    sides.run()
