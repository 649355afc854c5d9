"""The tables, on MariaDB: what holds on SQLite holds here."""

from tests.fixtures.database import MARIADB
from tests.unit.db.sqlalchemy import (
    test_database,
    test_flavors,
    test_migration,
    test_nodes,
    test_pod_managers,
    test_resources,
    test_services,
    test_statements,
    test_tasks,
)


class MigrationTest(test_migration.MigrationTest):
    backend = MARIADB


class DatabaseTest(test_database.DatabaseTest):
    backend = MARIADB


class PodManagersTest(test_pod_managers.PodManagersTest):
    backend = MARIADB


class ResourcesTest(test_resources.ResourcesTest):
    backend = MARIADB


class NodesTest(test_nodes.NodesTest):
    backend = MARIADB


class FlavorsTest(test_flavors.FlavorsTest):
    backend = MARIADB


class TasksTest(test_tasks.TasksTest):
    backend = MARIADB


class ManyClaimersTest(test_tasks.ManyClaimersTest):
    backend = MARIADB


class ServicesTest(test_services.ServicesTest):
    backend = MARIADB


class PageTest(test_statements.PageTest):
    backend = MARIADB
