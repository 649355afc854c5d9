"""The table of flavors."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa

from valence.common import exception
from valence.db import api
from valence.db.sqlalchemy import models, pages, statements
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.flavor import Flavor

_table = models.flavors
_select = sa.select(*statements.columns(_table))


class Flavors(Table, api.Flavors):
    @writes
    def create(
        self, connection: sa.Connection, *, values: Mapping[str, Any]
    ) -> Flavor:
        statements.insert(
            connection,
            _table,
            values,
            taken=exception.FlavorNameTaken(name=values['name']),
        )
        return _get(connection, values['uuid'], None)

    @reads
    def get(
        self, connection: sa.Connection, *, ident: str, project_id: str | None
    ) -> Flavor:
        return _get(connection, ident, project_id)

    @reads
    def list(
        self,
        connection: sa.Connection,
        *,
        query: api.Query,
        project_id: str | None,
    ) -> Sequence[Flavor]:
        rows = pages.page(connection, _table, query, _visible(project_id))
        return [Flavor(*row) for row in rows]

    @writes
    def update(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        values: Mapping[str, Any],
    ) -> Flavor:
        statements.update(
            connection,
            _table,
            values,
            by={'uuid': uuid},
            taken=exception.FlavorNameTaken(name=values.get('name')),
        )
        return _get(connection, uuid, None)

    @writes
    def delete(self, connection: sa.Connection, *, uuid: str) -> None:
        connection.execute(_table.delete().where(_table.c.uuid == uuid))


def _visible(project_id: str | None) -> sa.Select[Any]:
    if project_id is None:
        return _select
    return _select.where(
        sa.or_(
            _table.c.project_id == project_id, _table.c.project_id.is_(None)
        )
    )


def _get(
    connection: sa.Connection, ident: str, project_id: str | None
) -> Flavor:
    for column in (_table.c.uuid, _table.c.name):
        row = connection.execute(
            _visible(project_id).where(column == ident)
        ).first()
        if row is not None:
            return Flavor(*row)
    raise exception.FlavorNotFound(flavor=ident)
