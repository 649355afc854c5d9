"""Lets some transactions end in a deadlock, in processes that load this.

It does so the way that a driver does, so that all that lies above sees no
difference: half of the doomed ones at their first statement, as a victim of
the server, half at their commit, as Galera refuses them. Eventlet is blocked
too, as in the other sitecustomize, which this one takes the place of.

``CHAOS_DEADLOCKS`` is the share of transactions, ``CHAOS_SEED`` the seed.
"""

import os
import random
import sys
import threading
from typing import Any

sys.modules['eventlet'] = None  # type: ignore[assignment]

import psycopg  # noqa: E402
import pymysql  # noqa: E402
import sqlalchemy as sa  # noqa: E402
from sqlalchemy.engine import default  # noqa: E402

_SHARE = float(os.environ.get('CHAOS_DEADLOCKS', '0'))
_SEED = os.environ.get('CHAOS_SEED', '')
_STATEMENT, _COMMIT = 'statement', 'commit'

_choices = random.Random(f'{_SEED} {sys.argv}')
_commit = default.DefaultDialect.do_commit


class _Doom(threading.local):
    """:ivar at: where the transaction of this thread is to end."""

    at: str | None = None


_doom = _Doom()


@sa.event.listens_for(sa.Engine, 'begin')
def _cast(connection: sa.Connection) -> None:
    doomed = _choices.random() < _SHARE
    _doom.at = _choices.choice([_STATEMENT, _COMMIT]) if doomed else None


@sa.event.listens_for(sa.Engine, 'do_execute')
def _execute(
    cursor: Any, statement: str, parameters: Any, context: Any
) -> None:
    _fulfil(_STATEMENT, context.dialect)


def _do_commit(self: Any, connection: Any) -> None:
    try:
        _fulfil(_COMMIT, self)
    except Exception:
        # As the server has done when it tells that.
        self.do_rollback(connection)
        raise
    _commit(self, connection)


def _fulfil(at: str, dialect: Any) -> None:
    if _doom.at == at:
        _doom.at = None
        print('chaos: deadlock', file=sys.stderr, flush=True)
        raise _error(dialect)


def _error(dialect: Any) -> Exception:
    if dialect.name == 'postgresql':
        return psycopg.errors.DeadlockDetected('deadlock detected')
    return pymysql.err.OperationalError(
        1213,
        'Deadlock found when trying to get lock; try restarting transaction',
    )


default.DefaultDialect.do_commit = _do_commit  # type: ignore[method-assign]
