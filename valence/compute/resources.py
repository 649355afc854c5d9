"""Resources as the API shows them, with what their pod managers tell."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from valence.common import exception, masking
from valence.db.api import Database, Query
from valence.objects import times
from valence.objects.hardware import Properties
from valence.objects.pod_manager import PodManager
from valence.objects.resource import Resource, url_key
from valence.podm.live import Live, Told
from valence.podm.live_kinds import PROPERTIES

#: The uuid of a pod manager, and a url as it is compared.
Place = tuple[str, str]

#: Bytes of documents after which an answer tells no more.
MOST = 4 * 1024 * 1024


def place(podm_id: str, url: str) -> Place:
    """Give what is the same for all ways to tell where something is."""
    return podm_id, url_key(url)


def records_of(
    database: Database, rows: Sequence[Resource]
) -> dict[str, PodManager]:
    """Give the records of the pod managers of some rows, by uuid.

    One that is being deleted may be missing.
    """
    uuids = sorted({row.podm_id for row in rows})
    if not uuids:
        return {}
    found = database.pod_managers.list(query=Query(filters={'uuid': uuids}))
    return {podm.uuid: podm for podm in found}


def show(row: Resource) -> dict[str, Any]:
    """Give a resource as the API shows it: where it is."""
    return {
        'uuid': row.uuid,
        'podm_id': row.podm_id,
        'resource_url': row.resource_url,
        'resource_type': row.resource_type,
        'created_at': times.show(row.created_at),
        'updated_at': times.show(row.updated_at),
    }


def detail(
    database: Database,
    live: Live,
    rows: Sequence[Resource],
    patience: float,
    most: int = MOST,
) -> list[dict[str, Any]]:
    """Give resources with their properties, as many as one answer holds.

    :param patience: seconds; what cannot be read by then says so.
    :param most: bytes of properties, past which none follows.
    """
    records = records_of(database, rows)
    told = live.get_all(
        PROPERTIES,
        [
            (records[row.podm_id], row.resource_url)
            for row in rows
            if row.podm_id in records
        ],
        patience=patience,
    )
    shown: list[dict[str, Any]] = []
    for row in rows:
        live_part = _live_part(told, row)
        most -= len(orjson.dumps(live_part))
        if most < 0 and shown:
            break
        shown.append({**show(row), **live_part})
    return shown


def _live_part(
    told: Mapping[tuple[str, str], Told[Properties]], row: Resource
) -> dict[str, Any]:
    found = told.get((row.podm_id, row.resource_url))
    if found is None:
        gone = exception.PodManagerNotFound(podm=row.podm_id)
        found = Told(error=gone)
    # What was told before is not: it may be something else by now.
    if found.error is not None or found.value is None:
        error = found.error and found.error.detail
        return {'properties': None, 'observed_at': None, 'error': error}
    return {
        'properties': masking.masked(found.value.raw),
        'observed_at': times.show(found.value.observed_at),
        'error': None,
    }
