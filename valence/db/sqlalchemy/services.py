"""The table of services and their signs of life."""

from collections.abc import Mapping, Sequence
from typing import Any

import sqlalchemy as sa
from oslo_utils import uuidutils

from valence.common import exception
from valence.db import api
from valence.db.sqlalchemy import bulk, models, pages, statements, types
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.service import Service

_table = models.services


class Services(Table, api.Services):
    @writes
    def report(
        self,
        connection: sa.Connection,
        *,
        host: str,
        binary: str,
        topic: str,
        boot_id: str,
        version: str,
    ) -> bool:
        said = {'topic': topic, 'boot_id': boot_id, 'version': version}
        done = connection.execute(
            _table.update()
            .where(_table.c.host == host, _table.c.binary == binary)
            .values(
                **said,
                updated_at=types.now(),
                last_seen=types.now(),
                report_count=_table.c.report_count + 1,
            )
        )
        if done.rowcount:
            disabled = connection.execute(
                sa.select(_table.c.disabled).where(
                    _table.c.host == host, _table.c.binary == binary
                )
            ).scalar_one()
            return bool(disabled)
        values = {
            **said,
            'uuid': uuidutils.generate_uuid(),
            'host': host,
            'binary': binary,
            'report_count': 1,
            'disabled': False,
            **dict.fromkeys(
                ('last_seen', 'created_at', 'updated_at'), types.now()
            ),
        }
        insert = bulk.insert_ignore(_table, connection.dialect.name)
        connection.execute(insert.values(values))
        return False

    @writes
    def retire(
        self,
        connection: sa.Connection,
        *,
        host: str,
        binary: str,
        boot_id: str,
    ) -> None:
        connection.execute(
            _table.update()
            .where(
                _table.c.host == host,
                _table.c.binary == binary,
                _table.c.boot_id == boot_id,
            )
            .values(last_seen=0)
        )

    @reads
    def list(
        self,
        connection: sa.Connection,
        *,
        query: api.Query,
        down_time: float,
    ) -> Sequence[Service]:
        rows = pages.page(connection, _table, query, _select(down_time))
        return [_service(row) for row in rows]

    @reads
    def get(
        self, connection: sa.Connection, *, uuid: str, down_time: float
    ) -> Service:
        row = connection.execute(
            _select(down_time).where(_table.c.uuid == uuid)
        ).first()
        if row is None:
            raise exception.ServiceNotFound(service=uuid)
        return _service(row)

    @writes
    def update(
        self,
        connection: sa.Connection,
        *,
        uuid: str,
        values: Mapping[str, Any],
    ) -> None:
        if not statements.update(
            connection, _table, values, by={'uuid': uuid}
        ):
            raise exception.ServiceNotFound(service=uuid)


def _select(down_time: float) -> sa.Select[Any]:
    """Select in the order of the fields of Service, judging who is up."""
    up = _table.c.last_seen > types.now() - statements.span(down_time)
    return sa.select(
        *(
            up.label('up') if name == 'up' else _table.c[name]
            for name in Service.__dataclass_fields__
        )
    )


def _service(row: Any) -> Service:
    return Service(**{**row._mapping, 'up': bool(row.up)})
