"""Compositions at an ExpEther manager, which stores no names."""

import testtools

from tests.fixtures import rows
from tests.unit.compute import living, meddling
from valence.objects.node import node_tag
from valence.objects.requirements import PciDevice, Requirements

NIC_AND_GPU = {'pci_device': {'type': ['NIC', 'GPU']}}


class LivingEem(living.Living):
    """ExpEther managers, their records, and what works on them."""

    def __init__(self, **options):
        super().__init__(mode='expether', **options)

    def _record(self, url):
        return rows.add_pod_manager(
            self.database, url=f'{url}/eem', driver='expether'
        )

    @property
    def free(self):
        """Give how many EESVs and EEIOs are free."""
        eem = self.pod.eem
        return len(eem.all('eesv', '4094')), len(eem.all('eeio', '4093'))

    def pci_devices(self, name):
        """Give the EEIOs with a class code."""
        return [
            device
            for device in self.pod.eem.all('eeio')
            if device.values.get('pcie_class_code') == name
        ]

    def compute(self):
        return self.make_pool().get(self.podm).compute


class ExpEtherTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(LivingEem())
        self.pod = self.living.pod

    def begin(self):
        return self.living.begin_node(
            podm=self.living.podm, properties=NIC_AND_GPU
        )

    def compose(self):
        uuid, task_uuid = self.begin()
        return uuid, self.living.finish(task_uuid)

    def allocate_as(self, node_uuid):
        return self.living.compute().allocate_node(
            name='web',
            description='',
            tag=node_tag(node_uuid),
            requirements=Requirements(pci_device=PciDevice(['NIC', 'GPU'])),
        )

    def assert_composed(self, uuid, task):
        self.assertEqual('completed', task.state, task)
        node = self.living.node(uuid)
        live = self.living.compute().get_node(node.resource_url)
        self.assertEqual(
            (live.id, live.system_url), (node.index, node.system_url)
        )
        self.assertEqual(2, len(live.attached))
        self.assertEqual((2, 10), self.living.free)

    def assert_nothing_is_left(self, task):
        self.assertEqual('failed', task.state, task)
        self.assertEqual([], self.living.nodes())
        self.assertEqual((3, 12), self.living.free)


class ComposeTest(ExpEtherTest):
    def test_composed_and_taken_apart(self):
        uuid, task = self.compose()
        self.assert_composed(uuid, task)
        gone = self.living.act('delete_node', self.living.node(uuid))
        self.assertEqual('completed', gone.state, gone)
        self.assertEqual([], self.living.nodes())
        self.assertEqual((3, 12), self.living.free)

    def test_no_answer_to_any_change(self):
        self.pod.set_modes(drop=True)
        self.assert_composed(*self.compose())

    def test_away_when_half_made(self):
        def away(call):
            if call.method == 'PUT' and self.pod.calls['join'] == 1:
                raise meddling.LOST

        meddling.meddle(self.pod, before=away)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'no_answer_since')
        self.assertEqual((2, 12), self.living.free)
        self.pod.clear_modes()
        self.assert_composed(uuid, self.living.finish(task_uuid))

    def test_half_made_is_rolled_back(self):
        for device in self.living.pci_devices('0x030200'):
            device.locked = True
        _uuid, task = self.compose()
        self.assert_nothing_is_left(task)
        self.assertIn('is locked', task.error['detail'])

    def test_roll_back_that_fails_is_tried_again(self):
        for device in self.living.pci_devices('0x030200'):
            device.locked = True
        seen = meddling.record(self.pod)

        def refuse(call):
            deletes = sum('DELETE' in request for request in seen)
            if call.method == 'DELETE' and deletes == 1:
                raise meddling.LOST

        meddling.meddle(self.pod, before=refuse)
        _uuid, task = self.compose()
        self.assert_nothing_is_left(task)

    def test_somebody_takes_the_eesv(self):
        """Right after us; the EEIOs get into our group all the same."""
        eesvs = self.pod.eem.all('eesv')

        def take(call, reply):
            if call.method == 'PUT' and self.pod.calls['join'] == 1:
                for eesv in eesvs:
                    if eesv.group != '4094':
                        eesv.move('77')
            return reply

        meddling.meddle(self.pod, after=take)
        _uuid, task = self.compose()
        self.assertEqual('failed', task.state, task)
        self.assertEqual('Composition failed', task.error['title'])
        self.assertEqual([], self.living.nodes())
        self.assertEqual(3, self.pod.calls['join'])
        self.assertEqual((2, 12), self.living.free)
        self.assertEqual(1, len(self.pod.eem.all(group='77')))

    def test_nothing_matches(self):
        for device in self.living.pci_devices('0x030200'):
            device.up = False
        _uuid, task = self.compose()
        self.assert_nothing_is_left(task)
        self.assertIn('a GPU 1 are wanted, and 0 free', str(task.error))
        self.assertEqual(0, self.pod.requests['PUT'])

    def test_cancelled_when_half_made(self):
        def lose(call):
            if call.method == 'PUT' and self.pod.calls['join'] == 2:
                raise meddling.LOST

        meddling.meddle(self.pod, before=lose)
        _uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'no_answer_since')
        self.pod.clear_modes()
        self.living.database.tasks.cancel(uuid=task_uuid)
        self.assertEqual('cancelled', self.living.finish(task_uuid).state)
        self.assertEqual([], self.living.nodes())
        self.assertEqual((3, 12), self.living.free)


class TakeoverTest(ExpEtherTest):
    def test_before_anything_was_chosen(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.assert_composed(uuid, self.living.finish(task_uuid))

    def test_after_it_was_chosen_and_before_that_was_written_down(self):
        uuid, task_uuid = self.begin()
        self.living.die()
        self.allocate_as(uuid)
        self.assert_composed(uuid, self.living.finish(task_uuid))

    def test_when_half_made(self):
        def lose(call):
            if call.method == 'PUT' and self.pod.calls['join'] == 2:
                raise meddling.LOST

        meddling.meddle(self.pod, before=lose)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'no_answer_since')
        self.pod.clear_modes()
        self.living.die()
        self.living.restart()
        self.assert_composed(uuid, self.living.finish(task_uuid))

    def test_somebody_is_in_the_group(self):
        """It cannot be ours, but that nobody can tell."""
        uuid, task_uuid = self.begin()
        self.living.die()
        compute = self.living.compute()
        compute.assemble_node(self.allocate_as(uuid).monitor)
        task = self.living.finish(task_uuid)
        self.assertEqual('needs_attention', task.error['code'])
        self.assertEqual('error', self.living.node(uuid).state)
        refused = self.living.act('delete_node', self.living.node(uuid))
        self.assertEqual('needs_attention', refused.error['code'])
        self.assertEqual((2, 10), self.living.free)
        (node,) = compute.list_nodes()
        compute.delete_node(node.url)
        gone = self.living.act('delete_node', self.living.node(uuid))
        self.assertEqual('completed', gone.state, gone)
        self.assertEqual([], self.living.nodes())


class SyncTest(ExpEtherTest):
    def test_node_of_ours_is_as_it_should_be(self):
        uuid, _task = self.compose()
        before = self.living.node(uuid)
        task = self.living.sync()
        self.assertEqual('completed', task.state, task)
        self.assertEqual(0, task.result['findings'])
        self.assertEqual(3, task.result['systems'])
        self.assertEqual(1, task.result['composed_nodes'])
        self.assertEqual(before, self.living.node(uuid))

    def test_node_that_somebody_took_apart(self):
        uuid, _task = self.compose()
        compute = self.living.compute()
        compute.delete_node(self.living.node(uuid).resource_url)
        task = self.living.sync()
        self.assertEqual(1, task.result['findings'])
        self.assertEqual('missing', self.living.node(uuid).state)
