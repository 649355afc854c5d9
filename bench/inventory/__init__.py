"""The inventory: syncs, pages of the table, and systems as they are now."""

from bench.inventory import pages, scale, systems


def run() -> None:
    scale.run()
    pages.run()
    systems.run()
