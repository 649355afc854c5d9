"""What is told of rows, and the rows of what is told."""

from collections.abc import Collection, Iterable, Sequence
from typing import TypeVar

from valence.compute import resources
from valence.db.api import Database, Query
from valence.objects.resource import Resource, url_key
from valence.podm.live import Kind, Live, Told

T = TypeVar('T')


def read(
    database: Database,
    live: Live,
    kind: Kind[T],
    rows: Sequence[Resource],
    patience: float,
) -> dict[str, Told[T]]:
    """Give what the pod managers of some rows tell, by their uuids.

    A pod manager whose record is gone by now tells nothing.
    """
    records = resources.records_of(database, rows)
    found = live.get_all(
        kind, [(podm, '') for podm in records.values()], patience=patience
    )
    nothing: Told[T] = Told()
    return {row.podm_id: found.get((row.podm_id, ''), nothing) for row in rows}


def uuids(
    database: Database, podm_ids: Iterable[str], types: Collection[str]
) -> dict[str, dict[str, str]]:
    """Give the uuids of all resources of some types at some pod managers.

    :returns: by pod manager, and by the key of their urls.
    """
    found: dict[str, dict[str, str]] = {podm_id: {} for podm_id in podm_ids}
    if not found:
        return {}
    query = Query(
        filters={'podm_id': sorted(found), 'resource_type': [*types]}
    )
    for row in database.resources.list(query=query):
        found[row.podm_id][url_key(row.resource_url)] = row.uuid
    return found
