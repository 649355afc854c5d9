"""What a system is made of, as the API shows it."""

from typing import Any

from valence.common import exception
from valence.objects import times
from valence.objects.hardware import SystemParts
from valence.objects.resource import Resource
from valence.podm.live import Told


def show(row: Resource, found: Told[SystemParts]) -> dict[str, Any]:
    """Give the parts of a system, or as they were told last.

    :raises SystemNotFound: if its pod manager does not have it any more.
    :raises UnsupportedAction: if its driver cannot tell them.
    """
    error = found.error
    if isinstance(error, exception.PodManagerResourceMissing):
        raise exception.SystemNotFound(system=row.uuid)
    if isinstance(error, exception.UnsupportedAction):
        raise error
    parts = found.value
    errors = dict(parts.errors) if parts else {}
    if error is not None:
        errors[row.resource_url] = error.detail
    return {
        'uuid': row.uuid,
        'podm_id': row.podm_id,
        'resource_uri': row.resource_url,
        'processor': parts and parts.processors,
        'memory': parts and parts.memory,
        'storage': parts and parts.storage,
        'network': parts and parts.network,
        'accelerator': parts and parts.accelerators,
        'errors': [
            {'resource_uri': url, 'reason': reason}
            for url, reason in errors.items()
        ],
        'observed_at': times.show(found.observed_at),
    }
