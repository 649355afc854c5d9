"""Looks at a stack's database from outside."""

import psycopg


def connect(url: str) -> psycopg.Connection[tuple[object, ...]]:
    """:param url: a SQLAlchemy url, as the stacks are given it."""
    plain = url.replace('postgresql+psycopg://', 'postgresql://')
    return psycopg.connect(plain, autocommit=True)


def query(url: str, statement: str, *args: object) -> int:
    """Give the one number that a statement selects."""
    with connect(url) as connection:
        row = connection.execute(statement.encode(), args).fetchone()
    return int(str(row[0])) if row else 0


def analyze(url: str) -> None:
    """Let plans be made by what is in the tables now."""
    execute(url, 'ANALYZE')


def execute(url: str, statement: str, *args: object) -> None:
    with connect(url) as connection:
        connection.execute(statement.encode(), args)
