"""What the inventory needs, at the size of a data center.

Whether something changed at a pod manager. Of nodes that were adopted, the tag
that they came with; and which node a resource belongs to is looked up. Lists
in pages, each of which an index finds, however many rows there are.

Revision ID: 0003
Revises: 0002
"""

import sqlalchemy as sa
from alembic import op

revision = '0003'
down_revision = '0002'


def upgrade() -> None:
    with op.batch_alter_table('pod_managers') as batch:
        batch.add_column(
            sa.Column(
                'changes',
                sa.Integer(),
                nullable=False,
                server_default=sa.text('0'),
            )
        )
    with op.batch_alter_table('nodes') as batch:
        batch.add_column(sa.Column('tag_uuid', sa.String(36)))
        batch.create_index('idx_nodes_resource', ['resource_uuid'])
    op.create_index(
        'idx_resources_podm_type',
        'resources',
        ['podm_id', 'resource_type', 'id'],
    )
    op.drop_index('idx_nodes_podm', 'nodes')
    for name in ('podm_id', 'project_id', 'state', 'managed_by'):
        _by_creation('nodes', name)
    op.create_index('idx_nodes_name', 'nodes', ['name', 'id'])
    op.create_index('idx_nodes_updated', 'nodes', ['updated_at', 'id'])
    op.drop_index('idx_tasks_resource', 'tasks')
    for name in ('podm_id', 'project_id', 'resource_uuid', 'action'):
        _by_creation('tasks', name)
    op.create_index('idx_tasks_updated', 'tasks', ['updated_at', 'id'])


def _by_creation(table: str, name: str) -> None:
    """Have those of a value found in the order of their creation."""
    index = f'idx_{table}_{name.partition("_")[0]}'
    op.create_index(index, table, [name, 'created_at', 'id'])
