"""Looks whether a pod manager is there, and writes down how it was found."""

from valence.db.api import Database
from valence.objects.pod_manager import PodManager
from valence.podm.base import Connection


def renew_status(
    database: Database, podm: PodManager, connection: Connection
) -> PodManager:
    """Probe a pod manager and give its record as it is then.

    :param podm: the record as it is now; that of the connection may be older.
    """
    found = connection.probe()
    if (found.status, found.reason) == (podm.status, podm.status_reason):
        return podm
    return database.pod_managers.renew_status(
        uuid=podm.uuid, status=found.status, reason=found.reason
    )
