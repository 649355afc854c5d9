"""The first tables.

Revision ID: 0001
Revises:
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0001'
down_revision = None

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_JSON = sa.Text().with_variant(mysql.LONGTEXT(), 'mysql', 'mariadb')
_OPTIONS: Any = {
    'mysql_engine': 'InnoDB',
    'mysql_charset': 'utf8mb4',
    'mysql_collate': 'utf8mb4_bin',
}


def upgrade() -> None:
    op.create_table(
        'flavors',
        sa.Column('id', _ID, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('description', sa.Text(), nullable=False),
        sa.Column('properties', _JSON, nullable=False),
        sa.Column('project_id', sa.String(length=64)),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name', name='uniq_flavors_name'),
        sa.UniqueConstraint('uuid', name='uniq_flavors_uuid'),
        **_OPTIONS,
    )
    op.create_table(
        'nodes',
        sa.Column('id', _ID, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('description', sa.Text(), nullable=False),
        sa.Column('podm_id', sa.String(36)),
        sa.Column('resource_uuid', sa.String(36)),
        sa.Column('index', sa.String(length=255)),
        sa.Column('system_url', sa.String(length=512)),
        sa.Column('flavor_uuid', sa.String(36)),
        sa.Column('requirements', _JSON, nullable=False),
        sa.Column('project_id', sa.String(length=64), nullable=False),
        sa.Column('user_id', sa.String(length=64)),
        sa.Column('state', sa.String(length=32), nullable=False),
        sa.Column('managed_by', sa.String(length=64)),
        sa.Column('host', sa.String(length=255)),
        sa.Column('task_uuid', sa.String(36)),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('project_id', 'name', name='uniq_nodes_name'),
        sa.UniqueConstraint('uuid', name='uniq_nodes_uuid'),
        **_OPTIONS,
    )
    op.create_index('idx_nodes_created', 'nodes', ['created_at', 'id'])
    op.create_index('idx_nodes_podm', 'nodes', ['podm_id'])
    op.create_table(
        'pod_managers',
        sa.Column('id', _ID, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('name', sa.String(length=255), nullable=False),
        sa.Column('url', sa.String(length=512), nullable=False),
        sa.Column('driver', sa.String(length=64), nullable=False),
        sa.Column('authentication', _JSON, nullable=False),
        sa.Column('status', sa.String(length=32), nullable=False),
        sa.Column('status_reason', sa.Text()),
        sa.Column('description', sa.Text()),
        sa.Column('location', sa.String(length=255)),
        sa.Column('tls', _JSON),
        sa.Column('max_tasks', sa.Integer(), nullable=False),
        sa.Column('usage', _JSON, nullable=False),
        sa.Column('synced_at', sa.BigInteger()),
        sa.Column('sync_error', sa.Text()),
        sa.Column('task_uuid', sa.String(36)),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('name', name='uniq_pod_managers_name'),
        sa.UniqueConstraint('url', name='uniq_pod_managers_url'),
        sa.UniqueConstraint('uuid', name='uniq_pod_managers_uuid'),
        **_OPTIONS,
    )
    op.create_table(
        'resources',
        sa.Column('id', _ID, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('podm_id', sa.String(36), nullable=False),
        sa.Column('resource_url', sa.String(length=512), nullable=False),
        sa.Column('resource_type', sa.String(length=64), nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'podm_id', 'resource_url', name='uniq_resources_podm_url'
        ),
        sa.UniqueConstraint('uuid', name='uniq_resources_uuid'),
        **_OPTIONS,
    )
    op.create_index(
        'idx_resources_type_podm',
        'resources',
        ['resource_type', 'podm_id', 'id'],
    )
    op.create_table(
        'services',
        sa.Column('id', _ID, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('host', sa.String(length=255), nullable=False),
        sa.Column('binary', sa.String(length=64), nullable=False),
        sa.Column('topic', sa.String(length=64), nullable=False),
        sa.Column('boot_id', sa.String(36), nullable=False),
        sa.Column('version', sa.String(length=64), nullable=False),
        sa.Column('report_count', sa.Integer(), nullable=False),
        sa.Column('last_seen', sa.BigInteger(), nullable=False),
        sa.Column('disabled', sa.Boolean(), nullable=False),
        sa.Column('disabled_reason', sa.String(length=255)),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint(
            'host', 'binary', name='uniq_services_host_binary'
        ),
        sa.UniqueConstraint('uuid', name='uniq_services_uuid'),
        **_OPTIONS,
    )
    op.create_table(
        'tasks',
        sa.Column('id', _ID, nullable=False),
        sa.Column('uuid', sa.String(36), nullable=False),
        sa.Column('action', sa.String(length=64), nullable=False),
        sa.Column('topic', sa.String(length=64), nullable=False),
        sa.Column('state', sa.String(length=16), nullable=False),
        sa.Column('step', sa.String(length=64)),
        sa.Column('percent', sa.Integer(), nullable=False),
        sa.Column('message', sa.Text()),
        sa.Column('request', _JSON, nullable=False),
        sa.Column('result', _JSON),
        sa.Column('error', _JSON),
        sa.Column('memo', _JSON, nullable=False),
        sa.Column('podm_id', sa.String(36)),
        sa.Column('resource_type', sa.String(length=64)),
        sa.Column('resource_uuid', sa.String(36)),
        sa.Column('project_id', sa.String(length=64)),
        sa.Column('user_id', sa.String(length=64)),
        sa.Column('request_id', sa.String(length=64)),
        sa.Column('owner', sa.String(length=255)),
        sa.Column('attempt', sa.Integer(), nullable=False),
        sa.Column('due_at', sa.BigInteger()),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', sa.BigInteger(), nullable=False),
        sa.Column('started_at', sa.BigInteger()),
        sa.Column('finished_at', sa.BigInteger()),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('uuid', name='uniq_tasks_uuid'),
        **_OPTIONS,
    )
    op.create_index('idx_tasks_created', 'tasks', ['created_at', 'id'])
    op.create_index('idx_tasks_due', 'tasks', ['topic', 'due_at'])
    op.create_index('idx_tasks_resource', 'tasks', ['resource_uuid'])
