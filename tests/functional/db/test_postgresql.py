"""The tables, on PostgreSQL: what holds on SQLite holds here."""

from tests.fixtures.database import POSTGRESQL
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
    backend = POSTGRESQL


class DatabaseTest(test_database.DatabaseTest):
    backend = POSTGRESQL


class PodManagersTest(test_pod_managers.PodManagersTest):
    backend = POSTGRESQL


class ResourcesTest(test_resources.ResourcesTest):
    backend = POSTGRESQL


class NodesTest(test_nodes.NodesTest):
    backend = POSTGRESQL


class FlavorsTest(test_flavors.FlavorsTest):
    backend = POSTGRESQL


class TasksTest(test_tasks.TasksTest):
    backend = POSTGRESQL


class ManyClaimersTest(test_tasks.ManyClaimersTest):
    backend = POSTGRESQL


class ServicesTest(test_services.ServicesTest):
    backend = POSTGRESQL


class PageTest(test_statements.PageTest):
    backend = POSTGRESQL
