"""The task engine: from the POST of a composition to its completion."""

from bench.tasks import dead, done, outage, workers, writes


def run() -> None:
    done.run()
    writes.run()
    workers.run()
    outage.run()
    dead.run()
