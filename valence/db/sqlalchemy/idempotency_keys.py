"""The table of idempotency keys."""

import sqlalchemy as sa

from valence.db import api
from valence.db.sqlalchemy import bulk, models, statements
from valence.db.sqlalchemy.scope import Table, reads, writes
from valence.objects.idempotency_key import IdempotencyKey

_table = models.idempotency_keys
_NAMES = tuple(IdempotencyKey.__dataclass_fields__)
_select = sa.select(*(_table.c[name] for name in _NAMES))


class IdempotencyKeys(Table, api.IdempotencyKeys):
    @writes
    def add(self, connection: sa.Connection, *, key: IdempotencyKey) -> None:
        statements.insert(
            connection,
            _table,
            {name: getattr(key, name) for name in _NAMES},
            taken=api.IdempotencyKeyTaken(),
        )

    @reads
    def get(
        self, connection: sa.Connection, *, digest: str
    ) -> IdempotencyKey | None:
        row = connection.execute(
            statements.equal(_select, _table.c.digest), {'digest': digest}
        ).first()
        return None if row is None else IdempotencyKey(*row)

    @writes
    def purge(
        self, connection: sa.Connection, *, age: float, limit: int
    ) -> int:
        return bulk.purge(connection, _table, age=age, limit=limit)
