"""Walks of which parts fail, and walks that break in the middle."""

from typing import ClassVar

from tests.unit.conductor.handlers import faulty, syncing
from tests.unit.conductor.handlers.syncing import NODES, ROOT, SYSTEMS

MANAGERS = f'{ROOT}/Managers'
CHASSIS = f'{ROOT}/Chassis'


class PartsTest(syncing.SyncCase):
    def fail(self, *paths):
        for path in paths:
            self.faults.broken[path] = faulty.server_error

    def repair(self):
        self.faults.broken.clear()
        self.faults.hidden.clear()
        self.faults.lasts = None

    def failed(self, task):
        return [failure['part'] for failure in task.result['failures']]

    def below(self, url):
        return {each for each in self.rows() if each.startswith(f'{url}/')}

    def test_part_that_fails_is_named_and_the_others_are_kept(self):
        part = f'{SYSTEMS}/1-s-2/Processors'
        self.fail(part)
        task = self.sync()
        self.assertEqual([part], self.failed(task))
        known = self.types()
        missing = self.truth_without_faults().keys() - known.keys()
        self.assertEqual({f'{part}/1'}, missing)
        podm = self.podm()
        self.assertStartsWith(
            podm.sync_error, f'1 part could not be read: {part}: answered 500'
        )
        self.assertIsNotNone(podm.synced_at)
        self.assertIsNone(podm.task_uuid)
        self.repair()
        self.sync()
        self.assertIsNone(self.podm().sync_error)
        self.assert_true()

    def truth_without_faults(self):
        broken, self.faults.broken = self.faults.broken, {}
        found = self.truth()
        self.faults.broken = broken
        return found

    def assertStartsWith(self, text, start):  # noqa: N802 - as unittest's
        self.assertEqual(start, text[: len(start)])

    def test_what_was_in_it_stays_and_all_else_goes(self):
        self.sync()
        before = self.rows()
        part = f'{SYSTEMS}/1-s-2/Processors'
        self.fail(part)
        gone = {
            # Of the same type, in a collection that can be read.
            f'{SYSTEMS}/1-s-1/Processors/1',
            # With another one of its type below it.
            f'{SYSTEMS}/1-s-3',
            f'{MANAGERS}/1-m-1',
        }
        gone |= self.below(f'{SYSTEMS}/1-s-3')
        self.faults.hidden |= gone
        synced_at = self.podm().synced_at
        task = self.sync()
        self.assertEqual([part], self.failed(task))
        self.assertEqual(gone, before.keys() - self.rows().keys())
        self.assertGreater(self.podm().synced_at, synced_at)
        self.repair()
        self.sync()
        self.assertEqual(before, self.rows())

    def test_collection_of_systems_fails(self):
        self.sync()
        before, usage = self.rows(), self.podm().usage
        self.fail(SYSTEMS)
        task = self.sync()
        self.assertEqual([SYSTEMS], self.failed(task))
        self.assertEqual(before, self.rows())
        now = self.podm().usage
        self.assertEqual(usage['systems'], now['systems'])
        # Not nothing: nobody knows.
        self.assertIsNone(now['cores'])

    def test_paging_that_breaks(self):
        self.sync()
        before = self.rows()
        self.faults.broken[CHASSIS] = faulty.first_page(
            CHASSIS, f'{CHASSIS}/1-r-1'
        )
        self.faults.hidden.add(f'{CHASSIS}/1-c-1')
        task = self.sync()
        self.assertEqual([CHASSIS], self.failed(task))
        self.assertEqual(before, self.rows())

    def test_first_page_is_kept(self):
        self.faults.broken[CHASSIS] = faulty.first_page(
            CHASSIS, f'{CHASSIS}/1-r-1'
        )
        self.sync()
        self.assertIn(f'{CHASSIS}/1-r-1', self.rows())
        self.assertNotIn(f'{CHASSIS}/1-c-1', self.rows())

    def test_pod_manager_goes_away_in_the_middle(self):
        self.faults.broken[MANAGERS] = self.faults.leave
        task = self.sync('failed')
        known, podm = self.types(), self.podm()
        self.assertEqual(3, [*known.values()].count('ComputerSystem'))
        self.assertIn(f'{CHASSIS}/1-c-1', known)
        self.assertNotIn(f'{MANAGERS}/1-m-1', known)
        self.assertEqual(task.error['detail'], podm.sync_error)
        self.assertIn('cannot be reached', podm.sync_error)
        self.assertIsNone(podm.synced_at)
        self.assertIsNotNone(podm.next_sync_at)
        before = self.rows()
        self.repair()
        self.sync()
        self.assert_true()
        self.assertLess(before.items(), self.rows().items())

    def test_nothing_is_deleted_when_it_goes_away_in_the_middle(self):
        self.sync()
        before, synced_at = self.rows(), self.podm().synced_at
        self.faults.hidden |= {f'{SYSTEMS}/1-s-2', f'{CHASSIS}/1-c-1'}
        self.faults.broken[MANAGERS] = self.faults.leave
        self.sync('failed')
        self.assertEqual(before, self.rows())
        self.assertEqual(synced_at, self.podm().synced_at)
        hidden = set(self.faults.hidden)
        self.repair()
        self.faults.hidden |= hidden
        self.sync()
        self.assert_true()


class NodesTest(syncing.SyncCase):
    """Composed nodes that cannot be read are not taken for missing.

    This pod manager does not give members with their collection.
    """

    options: ClassVar = {'mode': 'rsd2.1'}

    def setUp(self):
        super().setUp()
        self.node = self.living.composed()
        self.sync()
        self.before = self.podm()

    def assert_untouched(self):
        node = self.living.node(self.node.uuid)
        self.assertEqual('composed', node.state)
        self.assertEqual(self.node.resource_url, node.resource_url)
        podm = self.podm()
        self.assertEqual(self.before.findings, podm.findings)
        self.assertEqual(1, podm.usage['composed_nodes'])
        self.assertEqual(2, podm.usage['free_systems'])
        self.assertIn(' could not be read: ', podm.sync_error)

    def test_collection_of_nodes_fails(self):
        self.faults.broken[NODES] = faulty.server_error
        task = self.sync()
        (failure,) = task.result['failures']
        self.assertEqual(NODES, failure['part'])
        self.assert_untouched()

    def test_one_node_cannot_be_read(self):
        self.faults.broken[self.node.resource_url] = faulty.server_error
        task = self.sync()
        parts = [failure['part'] for failure in task.result['failures']]
        self.assertEqual(['composed nodes'], parts)
        self.assertIn(self.node.resource_url, self.podm().sync_error)
        self.assert_untouched()
