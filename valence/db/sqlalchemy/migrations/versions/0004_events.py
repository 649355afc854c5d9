"""What the events of pod managers need.

The digest of the token by which they come, and when they take effect.

Revision ID: 0004
Revises: 0003
"""

import sqlalchemy as sa
from alembic import op

revision = '0004'
down_revision = '0003'

_TIMES = ('event_at', 'event_due_at', 'sync_wanted_at')


def upgrade() -> None:
    with op.batch_alter_table('pod_managers') as batch:
        batch.add_column(sa.Column('event_digest', sa.String(length=64)))
        for name in _TIMES:
            batch.add_column(sa.Column(name, sa.BigInteger()))
    op.create_index(
        'idx_pod_managers_event_due', 'pod_managers', ['event_due_at']
    )
