"""The schema's way from version to version, by alembic."""

import pathlib

import alembic.command
import alembic.config
import alembic.migration
import alembic.script
import sqlalchemy as sa

_SCRIPTS = pathlib.Path(__file__).parent / 'migrations'


def upgrade(engine: sa.Engine, revision: str = 'head') -> None:
    """Bring the schema to a revision; all or nothing where DDL can be."""
    with engine.begin() as connection:
        alembic.command.upgrade(_config(connection), revision)


def current(engine: sa.Engine) -> str | None:
    """Give the revision that the database is at; None before the first."""
    with engine.connect() as connection:
        context = alembic.migration.MigrationContext.configure(connection)
        return context.get_current_revision()


def head() -> str | None:
    """Give the revision that this version of Valence needs."""
    scripts = alembic.script.ScriptDirectory(str(_SCRIPTS))
    return scripts.get_current_head()


def _config(connection: sa.Connection) -> alembic.config.Config:
    config = alembic.config.Config()
    config.set_main_option('script_location', str(_SCRIPTS))
    config.attributes['connection'] = connection
    return config
