"""The tables, on MariaDB: what holds on SQLite holds here."""

from tests.fixtures.database import MARIADB
from tests.unit.db.sqlalchemy import (
    test_claims,
    test_credentials,
    test_database,
    test_events,
    test_flavors,
    test_idempotency_keys,
    test_inventory,
    test_many_claimers,
    test_migration,
    test_nodes,
    test_pages,
    test_pod_manager_health,
    test_pod_managers,
    test_pointers,
    test_queue,
    test_resources,
    test_services,
    test_slots,
    test_tasks,
    test_upgrades,
)


class MigrationTest(test_migration.MigrationTest):
    backend = MARIADB


class UpgradeTest(test_upgrades.UpgradeTest):
    backend = MARIADB


class DatabaseTest(test_database.DatabaseTest):
    backend = MARIADB


class EventsTest(test_events.EventsTest):
    backend = MARIADB


class PodManagersTest(test_pod_managers.PodManagersTest):
    backend = MARIADB


class CredentialsTest(test_credentials.CredentialsTest):
    backend = MARIADB


class PodManagerHealthTest(test_pod_manager_health.PodManagerHealthTest):
    backend = MARIADB


class ResourcesTest(test_resources.ResourcesTest):
    backend = MARIADB


class PointersTest(test_pointers.PointersTest):
    backend = MARIADB


class InventoryTest(test_inventory.InventoryTest):
    backend = MARIADB


class NodesTest(test_nodes.NodesTest):
    backend = MARIADB


class FlavorsTest(test_flavors.FlavorsTest):
    backend = MARIADB


class TasksTest(test_tasks.TasksTest):
    backend = MARIADB


class QueueTest(test_queue.QueueTest):
    backend = MARIADB


class ClaimsTest(test_claims.ClaimsTest):
    backend = MARIADB


class SlotsTest(test_slots.SlotsTest):
    backend = MARIADB


class ManyClaimersTest(test_many_claimers.ManyClaimersTest):
    backend = MARIADB


class IdempotencyKeysTest(test_idempotency_keys.IdempotencyKeysTest):
    backend = MARIADB


class ServicesTest(test_services.ServicesTest):
    backend = MARIADB


class ResourcePageTest(test_pages.ResourcePageTest):
    backend = MARIADB


class PageTest(test_pages.PageTest):
    backend = MARIADB
