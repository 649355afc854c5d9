"""Records of pod managers, as the database would give them."""

import dataclasses

from valence.objects import pod_manager

#: 1 January 2026, microseconds.
_NOW = 1_767_225_600_000_000


def basic(username, password):
    items = {'username': username, 'password': password}
    return [{'type': 'basic', 'auth_items': items}]


RECORD = pod_manager.PodManager(
    uuid='2a6d0b3e-9f0d-4a8c-8b1e-0c5d1f6e7a01',
    name='podm',
    url='http://127.0.0.1:1',
    driver='redfishv1',
    authentication=basic('admin', 'admin'),
    status='Online',
    status_reason=None,
    description=None,
    location=None,
    tls=None,
    max_tasks=4,
    usage={},
    synced_at=None,
    sync_error=None,
    findings=(),
    next_sync_at=None,
    failures=0,
    retry_at=None,
    changes=0,
    task_uuid=None,
    created_at=_NOW,
    updated_at=_NOW,
)


def record(url, **changes):
    return dataclasses.replace(RECORD, url=url, **changes)
