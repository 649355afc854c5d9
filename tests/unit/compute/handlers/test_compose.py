import testtools

from tests.unit.compute import living
from valence.compute.handlers.compose import Compose


class ComposeTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())

    def assert_no_trace(self):
        self.assertEqual([], self.living.nodes())
        self.assertEqual([], self.living.made())

    def test_at_the_named_pod_manager(self):
        uuid, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('completed', task.state, task)
        node = self.living.node(uuid)
        self.assertEqual(
            ('composed', 'here', None, self.living.podm.uuid),
            (node.state, node.host, node.task_uuid, node.podm_id),
        )
        self.assertEqual('/redfish/v1/Nodes/1', node.resource_url)
        self.assertEqual('1', node.index)
        self.assertTrue(node.system_url.startswith('/redfish/v1/Systems/'))
        self.assertEqual(self.living.tags(uuid), self.living.made())
        self.assertEqual(
            {'node_uuid': uuid, 'resource_url': node.resource_url},
            task.result,
        )
        row = self.living.database.resources.get(uuid=node.resource_uuid)
        self.assertEqual('ComposedNode', row.resource_type)

    def test_where_the_scheduler_says(self):
        uuid, task = self.living.compose()
        self.assertEqual('completed', task.state, task)
        self.assertEqual(self.living.podm.uuid, self.living.node(uuid).podm_id)
        self.assertEqual(self.living.podm.uuid, task.podm_id)

    def test_requirements_are_met(self):
        _, task = self.living.compose(
            podm=self.living.podm,
            properties={'memory': {'capacity_mib': 1024}},
        )
        self.assertEqual('completed', task.state, task)

    def test_waits_while_it_is_assembled(self):
        self.living.pod.set_modes(assembly_ms=100)
        _, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('completed', task.state, task)
        self.assertGreater(task.attempt, 2)
        self.assertEqual(1, len(self.living.made()))

    # Nothing matches

    def test_named_pod_manager_has_no_match(self):
        _, task = self.living.compose(
            podm=self.living.podm, properties=living.TOO_MUCH
        )
        self.assertEqual('failed', task.state)
        self.assertEqual(409, task.error['status'])
        self.assertEqual('No matching system', task.error['title'])
        self.assertTrue(task.error['reasons'])
        self.assert_no_trace()

    def test_assembly_fails(self):
        self.living.pod.set_modes(assembly='fail')
        _, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('failed', task.state)
        self.assertEqual('Composition failed', task.error['title'])
        self.assertIn('Failed', task.error['detail'])
        self.assert_no_trace()

    def test_assembly_without_end(self):
        self.living.pod.set_modes(assembly_ms=10**6)
        self.living.restart(give_up=0.05)
        _, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('failed', task.state)
        self.assertIn('Assembling', task.error['detail'])
        self.assert_no_trace()

    # The pod manager is away, or does not know us

    def test_away(self):
        self.living.pod.set_modes(away=True)
        _, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('failed', task.state)
        self.assertEqual('Pod manager unreachable', task.error['title'])
        self.assertEqual(503, task.error['status'])
        self.assert_no_trace()

    def test_wrong_credentials(self):
        self.living.with_wrong_password()
        _, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('failed', task.state)
        self.assertEqual('Authorization Error', task.error['title'])
        self.assert_no_trace()
        self.assertNotIn('wrong', str(task))

    def test_pod_manager_is_gone(self):
        _, task_uuid = self.living.begin_node(podm=self.living.podm)
        self.living.database.pod_managers.delete(uuid=self.living.podm.uuid)
        task = self.living.finish(task_uuid)
        self.assertEqual(404, task.error['status'])
        self.assert_no_trace()

    # In the middle

    def test_crash_after_allocate_keeps_the_node_for_its_deletion(self):
        def crash(*args):
            raise RuntimeError('a bug')

        self.patch(Compose, '_assemble', crash)
        uuid, task = self.living.compose(podm=self.living.podm)
        self.assertEqual(('failed', 500), (task.state, task.error['status']))
        node = self.living.node(uuid)
        self.assertEqual(('error', None), (node.state, node.task_uuid))
        self.assertEqual(self.living.tags(uuid), self.living.made())
        deleted = self.living.act('delete_node', node)
        self.assertEqual('completed', deleted.state, deleted)
        self.assert_no_trace()

    def assert_kept_for_a_person(self, uuid, task):
        """Check that a node that may exist was not forgotten."""
        self.assertEqual('failed', task.state)
        self.assertEqual('needs_attention', task.error['code'])
        node = self.living.node(uuid)
        self.assertEqual(('error', None), (node.state, node.task_uuid))

    def begin_assembly(self):
        """Leave a node in the middle of its assembly, to another process."""
        self.living.pod.set_modes(assembly_ms=10**6)
        uuid, task_uuid = self.living.begin_node(podm=self.living.podm)
        self.living.wait_for_state(task_uuid, 'waiting')
        self.living.restart()
        return uuid, task_uuid

    def test_away_for_a_while_during_assembly(self):
        uuid, task_uuid = self.begin_assembly()
        attempt = self.living.get(task_uuid).attempt
        self.living.pod.set_modes(away=True)
        self.living.work_until(
            lambda: (
                self.living.get(task_uuid).ended
                or self.living.get(task_uuid).attempt > attempt + 1
            )
        )
        self.assertFalse(self.living.get(task_uuid).ended)
        self.living.pod.set_modes(away=False, assembly_ms=1)
        (node,) = self.living.pod.nodes.values()
        node.state = 'Allocated'
        task = self.living.finish(task_uuid)
        self.assertEqual('completed', task.state, task)
        self.assertEqual(self.living.tags(uuid), self.living.made())

    def test_away_for_too_long_during_assembly(self):
        uuid, task_uuid = self.begin_assembly()
        self.living.restart(give_up=0.05)
        self.living.pod.set_modes(away=True)
        task = self.living.finish(task_uuid)
        self.assert_kept_for_a_person(uuid, task)
        self.assertIn('not known', task.error['detail'])
        self.assertEqual(1, len(self.living.made()))

    def test_credentials_changed_during_assembly(self):
        uuid, task_uuid = self.begin_assembly()
        self.living.with_wrong_password()
        task = self.living.finish(task_uuid)
        self.assert_kept_for_a_person(uuid, task)

    def test_gone_during_assembly(self):
        _, task_uuid = self.begin_assembly()
        (node,) = self.living.pod.nodes.values()
        self.living.pod.delete(node)
        task = self.living.finish(task_uuid)
        self.assertEqual(404, task.error['status'])
        self.assert_no_trace()
