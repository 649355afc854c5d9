"""Rows 11 to 13, on each database."""

from tests.chaos import database_rows
from tests.chaos.rig import plan


class OnMariaDB(database_rows.DatabaseRows):
    kind = plan.MARIADB


class OnPostgreSQL(database_rows.DatabaseRows):
    kind = plan.POSTGRESQL
