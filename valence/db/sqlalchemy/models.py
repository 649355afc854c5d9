"""The tables, as SQLAlchemy Core knows them.

The columns of each table come in the order of the fields of its dataclass in
``valence.objects``; the migrations make them so in the database. A column that
was added later has a default there, for processes of the version before.
"""

from typing import Any

import sqlalchemy as sa

from valence.db.sqlalchemy.types import Id, Json, Note, Time, Uuid

metadata = sa.MetaData()

#: Names compare alike, by their bytes, on every database.
_OPTIONS: Any = {
    'mysql_engine': 'InnoDB',
    'mysql_charset': 'utf8mb4',
    'mysql_collate': 'utf8mb4_bin',
}


def _timestamps() -> list[Any]:
    return [
        sa.Column('created_at', Time, nullable=False),
        sa.Column('updated_at', Time, nullable=False),
    ]


def _by_creation(table: str, *names: str) -> list[Any]:
    """Make the indexes of lists with a filter; see ``pages``."""
    return [
        sa.Index(
            f'idx_{table}_{name.partition("_")[0]}', name, 'created_at', 'id'
        )
        for name in names
    ]


pod_managers = sa.Table(
    'pod_managers',
    metadata,
    sa.Column('id', Id, primary_key=True),
    sa.Column('uuid', Uuid, nullable=False),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('url', sa.String(512), nullable=False),
    sa.Column('driver', sa.String(64), nullable=False),
    sa.Column('authentication', Json, nullable=False),
    sa.Column('status', sa.String(32), nullable=False),
    sa.Column('status_reason', Note),
    sa.Column('description', sa.Text),
    sa.Column('location', sa.String(255)),
    sa.Column('tls', Json),
    sa.Column('max_tasks', sa.Integer, nullable=False),
    sa.Column('usage', Json, nullable=False),
    sa.Column('synced_at', Time),
    sa.Column('sync_error', Note),
    # What a sync found amiss: nodes without an owner, nodes that are gone.
    sa.Column(
        'findings', Json, nullable=False, server_default=sa.text("'[]'")
    ),
    sa.Column('next_sync_at', Time),
    # Calls in a row that got no answer; see valence.tasks.breaker.
    sa.Column(
        'failures', sa.Integer, nullable=False, server_default=sa.text('0')
    ),
    # When it may be tried again; NULL while its breaker is closed.
    sa.Column('retry_at', Time),
    # How often something there is known to have changed: what was read
    # before the last time is not shown any more.
    sa.Column(
        'changes', sa.Integer, nullable=False, server_default=sa.text('0')
    ),
    sa.Column('task_uuid', Uuid),
    *_timestamps(),
    # SHA-256 of the token by which its events come; NULL for none.
    sa.Column('event_digest', sa.String(64)),
    # When an event last took effect, and when one that came too soon after
    # it does.
    sa.Column('event_at', Time),
    sa.Column('event_due_at', Time),
    # When an event wanted a sync: one that began before is not enough.
    sa.Column('sync_wanted_at', Time),
    sa.UniqueConstraint('uuid', name='uniq_pod_managers_uuid'),
    sa.UniqueConstraint('name', name='uniq_pod_managers_name'),
    sa.UniqueConstraint('url', name='uniq_pod_managers_url'),
    sa.Index('idx_pod_managers_next_sync', 'next_sync_at'),
    sa.Index('idx_pod_managers_retry', 'retry_at'),
    sa.Index('idx_pod_managers_event_due', 'event_due_at'),
    **_OPTIONS,
)

resources = sa.Table(
    'resources',
    metadata,
    sa.Column('id', Id, primary_key=True),
    sa.Column('uuid', Uuid, nullable=False),
    sa.Column('podm_id', Uuid, nullable=False),
    sa.Column('resource_url', sa.String(512), nullable=False),
    sa.Column('resource_type', sa.String(64), nullable=False),
    *_timestamps(),
    sa.UniqueConstraint('uuid', name='uniq_resources_uuid'),
    sa.UniqueConstraint(
        'podm_id', 'resource_url', name='uniq_resources_podm_url'
    ),
    sa.Index('idx_resources_type_podm', 'resource_type', 'podm_id', 'id'),
    sa.Index('idx_resources_podm_type', 'podm_id', 'resource_type', 'id'),
    **_OPTIONS,
)

nodes = sa.Table(
    'nodes',
    metadata,
    sa.Column('id', Id, primary_key=True),
    sa.Column('uuid', Uuid, nullable=False),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('description', sa.Text, nullable=False),
    sa.Column('podm_id', Uuid),
    sa.Column('resource_uuid', Uuid),
    sa.Column('index', sa.String(255)),
    sa.Column('system_url', sa.String(512)),
    sa.Column('flavor_uuid', Uuid),
    sa.Column('requirements', Json, nullable=False),
    sa.Column('project_id', sa.String(64), nullable=False),
    sa.Column('user_id', sa.String(64)),
    sa.Column('state', sa.String(32), nullable=False),
    sa.Column('state_reason', Note),
    sa.Column('managed_by', sa.String(64)),
    sa.Column('host', sa.String(255)),
    sa.Column('task_uuid', Uuid),
    # In the tag that an adopted node came with.
    sa.Column('tag_uuid', Uuid),
    *_timestamps(),
    sa.UniqueConstraint('uuid', name='uniq_nodes_uuid'),
    sa.UniqueConstraint('project_id', 'name', name='uniq_nodes_name'),
    sa.Index('idx_nodes_resource', 'resource_uuid'),
    sa.Index('idx_nodes_created', 'created_at', 'id'),
    sa.Index('idx_nodes_updated', 'updated_at', 'id'),
    sa.Index('idx_nodes_name', 'name', 'id'),
    *_by_creation('nodes', 'podm_id', 'project_id', 'state', 'managed_by'),
    **_OPTIONS,
)

flavors = sa.Table(
    'flavors',
    metadata,
    sa.Column('id', Id, primary_key=True),
    sa.Column('uuid', Uuid, nullable=False),
    sa.Column('name', sa.String(255), nullable=False),
    sa.Column('description', sa.Text, nullable=False),
    sa.Column('properties', Json, nullable=False),
    sa.Column('project_id', sa.String(64)),
    *_timestamps(),
    sa.UniqueConstraint('uuid', name='uniq_flavors_uuid'),
    sa.UniqueConstraint('name', name='uniq_flavors_name'),
    **_OPTIONS,
)

tasks = sa.Table(
    'tasks',
    metadata,
    sa.Column('id', Id, primary_key=True),
    sa.Column('uuid', Uuid, nullable=False),
    sa.Column('action', sa.String(64), nullable=False),
    sa.Column('topic', sa.String(64), nullable=False),
    # It takes a worker's thread for a moment only.
    sa.Column('short', sa.Boolean, nullable=False, server_default=sa.false()),
    sa.Column('state', sa.String(16), nullable=False),
    sa.Column('step', sa.String(64)),
    sa.Column('percent', sa.Integer, nullable=False),
    sa.Column('message', Note),
    sa.Column('request', Json, nullable=False),
    sa.Column('result', Json),
    sa.Column('error', Json),
    sa.Column('memo', Json, nullable=False),
    sa.Column('podm_id', Uuid),
    sa.Column('resource_type', sa.String(64)),
    sa.Column('resource_uuid', Uuid),
    sa.Column('project_id', sa.String(64)),
    sa.Column('user_id', sa.String(64)),
    sa.Column('request_id', sa.String(64)),
    sa.Column('owner', sa.String(255)),
    sa.Column('attempt', sa.Integer, nullable=False),
    # From when on the row may be claimed; see valence.objects.task.
    sa.Column('due_at', Time),
    sa.Column('deadline_at', Time),
    sa.Column(
        'cancel_requested',
        sa.Boolean,
        nullable=False,
        server_default=sa.false(),
    ),
    *_timestamps(),
    sa.Column('started_at', Time),
    sa.Column('finished_at', Time),
    sa.UniqueConstraint('uuid', name='uniq_tasks_uuid'),
    sa.Index('idx_tasks_due', 'topic', 'short', 'due_at'),
    # Which tasks a pod manager is working on, and which wait for it.
    sa.Index('idx_tasks_state', 'state', 'podm_id'),
    sa.Index('idx_tasks_created', 'created_at', 'id'),
    sa.Index('idx_tasks_updated', 'updated_at', 'id'),
    *_by_creation('tasks', 'podm_id', 'project_id', 'resource_uuid', 'action'),
    **_OPTIONS,
)

idempotency_keys = sa.Table(
    'idempotency_keys',
    metadata,
    sa.Column('id', Id, primary_key=True),
    # Digests: what a client sends may be long, and a project may be NULL.
    sa.Column('digest', sa.String(64), nullable=False),
    sa.Column('fingerprint', sa.String(64), nullable=False),
    sa.Column('task_uuid', Uuid, nullable=False),
    sa.Column('answer', Json, nullable=False),
    *_timestamps(),
    sa.UniqueConstraint('digest', name='uniq_idempotency_keys_digest'),
    sa.Index('idx_idempotency_keys_created', 'created_at'),
    **_OPTIONS,
)

services = sa.Table(
    'services',
    metadata,
    sa.Column('id', Id, primary_key=True),
    sa.Column('uuid', Uuid, nullable=False),
    sa.Column('host', sa.String(255), nullable=False),
    sa.Column('binary', sa.String(64), nullable=False),
    sa.Column('topic', sa.String(64), nullable=False),
    sa.Column('boot_id', Uuid, nullable=False),
    sa.Column('version', sa.String(64), nullable=False),
    sa.Column('report_count', sa.Integer, nullable=False),
    # 0 once a service has said that it ended.
    sa.Column('last_seen', Time, nullable=False),
    sa.Column('disabled', sa.Boolean, nullable=False),
    sa.Column('disabled_reason', sa.String(255)),
    *_timestamps(),
    sa.UniqueConstraint('uuid', name='uniq_services_uuid'),
    sa.UniqueConstraint('host', 'binary', name='uniq_services_host_binary'),
    **_OPTIONS,
)
