"""Make the tables: ``python -m bench.usual.schema``."""

from bench.usual import config
from bench.usual.db import api as dbapi

if __name__ == '__main__':
    config.configure('usual-schema')
    dbapi.start()
    dbapi.create_schema()
