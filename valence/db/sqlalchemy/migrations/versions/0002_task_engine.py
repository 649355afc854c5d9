"""What the task engine needs to lose nothing.

Slots, lanes, deadlines and cancellation of tasks; keys of repeated requests;
the breaker, the next sync and the findings of a pod manager.

Revision ID: 0002
Revises: 0001
"""

from typing import Any

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import mysql

revision = '0002'
down_revision = '0001'

_ID = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')
_JSON = sa.Text().with_variant(mysql.LONGTEXT(), 'mysql', 'mariadb')
_OPTIONS: Any = {
    'mysql_engine': 'InnoDB',
    'mysql_charset': 'utf8mb4',
    'mysql_collate': 'utf8mb4_bin',
}


def upgrade() -> None:
    _add('tasks', 'short', sa.Boolean(), filled_with=sa.false())
    _add('tasks', 'deadline_at', sa.BigInteger())
    _add('tasks', 'cancel_requested', sa.Boolean(), filled_with=sa.false())
    op.drop_index('idx_tasks_due', 'tasks')
    op.create_index('idx_tasks_due', 'tasks', ['topic', 'short', 'due_at'])
    op.create_index('idx_tasks_state', 'tasks', ['state', 'podm_id'])
    _add('nodes', 'state_reason', sa.Text())
    _add('pod_managers', 'findings', _JSON, filled_with=sa.text("'[]'"))
    _add('pod_managers', 'next_sync_at', sa.BigInteger())
    _add('pod_managers', 'failures', sa.Integer(), filled_with=sa.text('0'))
    _add('pod_managers', 'retry_at', sa.BigInteger())
    op.create_index(
        'idx_pod_managers_next_sync', 'pod_managers', ['next_sync_at']
    )
    op.create_index('idx_pod_managers_retry', 'pod_managers', ['retry_at'])
    # Those that are there already are due at once.
    op.execute('UPDATE pod_managers SET next_sync_at = 0')
    op.create_table(
        'idempotency_keys',
        sa.Column('id', _ID, nullable=False),
        sa.Column('digest', sa.String(length=64), nullable=False),
        sa.Column('fingerprint', sa.String(length=64), nullable=False),
        sa.Column('task_uuid', sa.String(length=36), nullable=False),
        sa.Column('answer', _JSON, nullable=False),
        sa.Column('created_at', sa.BigInteger(), nullable=False),
        sa.Column('updated_at', sa.BigInteger(), nullable=False),
        sa.PrimaryKeyConstraint('id'),
        sa.UniqueConstraint('digest', name='uniq_idempotency_keys_digest'),
        **_OPTIONS,
    )
    op.create_index(
        'idx_idempotency_keys_created', 'idempotency_keys', ['created_at']
    )


def _add(table: str, name: str, type_: Any, filled_with: Any = None) -> None:
    """Add a column, with a default where it may not be empty.

    For the rows that are there, and for what processes of the version before
    write.
    """
    with op.batch_alter_table(table) as batch:
        batch.add_column(
            sa.Column(
                name,
                type_,
                nullable=filled_with is None,
                server_default=filled_with,
            )
        )
