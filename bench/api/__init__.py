"""The API: reading one object, with and without a worker, and a list."""

from bench.api import listing, one


def run() -> None:
    one.run()
    listing.run()
