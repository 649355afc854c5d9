"""A pod manager's record: how it is reached, and how it was found."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from valence.common import exception, sealing
from valence.objects import times


@dataclass(frozen=True, slots=True)
class PodManager:
    """One row of ``pod_managers``.

    ``authentication`` is a list of ``{'type', 'auth_items'}``, in which all
    but the user name is a :class:`~valence.common.sealing.Secret`: it is
    opened where a connection needs it, and goes nowhere but to the pod
    manager. ``usage`` holds the counts of the last sync; ``changes`` counts
    how often something there is known to have changed. ``event_digest`` is
    the SHA-256 of the token by which its events come, and the times behind it
    are of the last of these; see ``PodManagers.note_event`` of the database.
    """

    uuid: str
    name: str
    url: str
    driver: str
    authentication: Sequence[Mapping[str, Any]] = field(repr=False)
    status: str
    status_reason: str | None
    description: str | None
    location: str | None
    tls: Mapping[str, Any] | None
    max_tasks: int
    usage: Mapping[str, Any]
    synced_at: int | None
    sync_error: str | None
    findings: Sequence[Mapping[str, Any]]
    next_sync_at: int | None
    failures: int
    retry_at: int | None
    changes: int
    task_uuid: str | None
    created_at: int
    updated_at: int
    event_digest: str | None = None
    event_at: int | None = None
    event_due_at: int | None = None
    sync_wanted_at: int | None = None

    def credentials(self) -> tuple[str, str]:
        """Give the user name and password of the basic authentication.

        :raises CredentialsUnreadable: if there is no key for them.
        """
        items = self.authentication[0]['auth_items']
        try:
            return items['username'], sealing.reveal(items['password'])
        except exception.CredentialsKeyError as error:
            raise exception.CredentialsUnreadable(
                podm=self.name, reason=error.detail
            ) from None

    @property
    def broken(self) -> bool:
        """Tell whether it is left alone, since it did not answer."""
        return self.retry_at is not None

    def as_dict(self) -> dict[str, Any]:
        """Give the record as it is shown and sent: without its secrets."""
        return {
            'uuid': self.uuid,
            'name': self.name,
            'url': self.url,
            'driver': self.driver,
            'authentication': [_masked(item) for item in self.authentication],
            'status': self.status,
            'status_reason': self.status_reason,
            'description': self.description,
            'location': self.location,
            'tls': self.tls,
            'max_tasks': self.max_tasks,
            'usage': self.usage,
            'synced_at': times.show(self.synced_at),
            'sync_error': self.sync_error,
            'findings': self.findings,
            'next_sync_at': times.show(self.next_sync_at),
            'breaker': {
                'state': 'open' if self.broken else 'closed',
                'failures': self.failures,
                'retry_at': times.show(self.retry_at),
            },
            'task_uuid': self.task_uuid,
            'created_at': times.show(self.created_at),
            'updated_at': times.show(self.updated_at),
        }


def _masked(authentication: Mapping[str, Any]) -> dict[str, Any]:
    return {
        'type': authentication['type'],
        'auth_items': {
            'username': authentication['auth_items']['username'],
            'password': '***',
        },
    }
