"""The tables, on PostgreSQL: what holds on SQLite holds here."""

from tests.fixtures.database import POSTGRESQL
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
    backend = POSTGRESQL


class UpgradeTest(test_upgrades.UpgradeTest):
    backend = POSTGRESQL


class DatabaseTest(test_database.DatabaseTest):
    backend = POSTGRESQL


class EventsTest(test_events.EventsTest):
    backend = POSTGRESQL


class PodManagersTest(test_pod_managers.PodManagersTest):
    backend = POSTGRESQL


class CredentialsTest(test_credentials.CredentialsTest):
    backend = POSTGRESQL


class PodManagerHealthTest(test_pod_manager_health.PodManagerHealthTest):
    backend = POSTGRESQL


class ResourcesTest(test_resources.ResourcesTest):
    backend = POSTGRESQL


class PointersTest(test_pointers.PointersTest):
    backend = POSTGRESQL


class InventoryTest(test_inventory.InventoryTest):
    backend = POSTGRESQL


class NodesTest(test_nodes.NodesTest):
    backend = POSTGRESQL


class FlavorsTest(test_flavors.FlavorsTest):
    backend = POSTGRESQL


class TasksTest(test_tasks.TasksTest):
    backend = POSTGRESQL


class QueueTest(test_queue.QueueTest):
    backend = POSTGRESQL


class ClaimsTest(test_claims.ClaimsTest):
    backend = POSTGRESQL


class SlotsTest(test_slots.SlotsTest):
    backend = POSTGRESQL


class ManyClaimersTest(test_many_claimers.ManyClaimersTest):
    backend = POSTGRESQL


class IdempotencyKeysTest(test_idempotency_keys.IdempotencyKeysTest):
    backend = POSTGRESQL


class ServicesTest(test_services.ServicesTest):
    backend = POSTGRESQL


class ResourcePageTest(test_pages.ResourcePageTest):
    backend = POSTGRESQL


class PageTest(test_pages.PageTest):
    backend = POSTGRESQL
