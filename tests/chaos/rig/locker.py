"""Holds the lock of a SQLite database, as a second process may.

Usage: ``python -m tests.chaos.rig.locker FILE SECONDS``; prints ``locked``
and ``free``.
"""

import contextlib
import sqlite3
import sys
import time


def main(path: str, seconds: str) -> None:
    with contextlib.closing(sqlite3.connect(path, timeout=60)) as connection:
        connection.isolation_level = None
        connection.execute('BEGIN EXCLUSIVE')
        print('locked', flush=True)
        time.sleep(float(seconds))
        connection.execute('ROLLBACK')
    print('free', flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
