"""alembic's way in: it works on the connection that it is given."""

from alembic import context

from valence.db.sqlalchemy import models

context.configure(
    connection=context.config.attributes['connection'],
    target_metadata=models.metadata,
)
with context.begin_transaction():
    context.run_migrations()
