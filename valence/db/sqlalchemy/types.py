"""Column types, and the database's own clock.

Times are microseconds since 1970 in UTC, in a BIGINT: the same on every
database, exact, and free of time zones. A FLOAT would not do: MariaDB rounds
it to some 100 s.
"""

from typing import Any

import orjson
import sqlalchemy as sa
from sqlalchemy.dialects import mysql
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql import functions

#: What SQLAlchemy calls MariaDB, as its url begins.
MYSQL = ('mysql', 'mariadb')

#: An auto-increment key; SQLite only knows INTEGER for that.
Id = sa.BigInteger().with_variant(sa.Integer(), 'sqlite')

#: Characters; four bytes each at the most fit in.
_NOTE_LENGTH = 10_000

#: A point in time; see valence.objects.times.
Time = sa.BigInteger


class Uuid(sa.String):
    """A uuid in its text form."""

    def __init__(self) -> None:
        super().__init__(36)


class Note(sa.TypeDecorator[str]):
    """A text for people; what is too long for MariaDB's TEXT is cut."""

    impl = sa.Text
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else str(value)[:_NOTE_LENGTH]


class Json(sa.TypeDecorator[Any]):
    """Any JSON value as text, alike on every database."""

    impl = sa.Text().with_variant(mysql.LONGTEXT(), *MYSQL)
    cache_ok = True

    def process_bind_param(self, value: Any, dialect: Any) -> str | None:
        return None if value is None else orjson.dumps(value).decode()

    def process_result_value(self, value: Any, dialect: Any) -> Any:
        return None if value is None else orjson.loads(value)


class now(functions.GenericFunction[int]):  # noqa: N801
    """The database's clock, microseconds since 1970."""

    type = sa.BigInteger()
    inherit_cache = True
    name = 'valence_now'


@compiles(now, 'sqlite')
def _now_sqlite(element: Any, compiler: Any, **kw: Any) -> str:
    # Whole milliseconds: a day as a float is some 40 us off, so that what is
    # due would not be found due. unixepoch('subsec') needs SQLite 3.42.
    milliseconds = "ROUND((julianday('now') - 2440587.5) * 86400000)"
    return f'(CAST({milliseconds} AS INTEGER) * 1000)'


@compiles(now, 'postgresql')
def _now_postgresql(element: Any, compiler: Any, **kw: Any) -> str:
    # Not clock_timestamp(): it may change within a statement, so no index is
    # searched by it.
    return (
        'CAST(EXTRACT(EPOCH FROM statement_timestamp()) * 1000000 AS BIGINT)'
    )


@compiles(now, 'mysql')
@compiles(now, 'mariadb')
def _now_mysql(element: Any, compiler: Any, **kw: Any) -> str:
    return "TIMESTAMPDIFF(MICROSECOND, '1970-01-01', UTC_TIMESTAMP(6))"
