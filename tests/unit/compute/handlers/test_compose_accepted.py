"""Compositions at pod managers that answer 202 and go on by themselves."""

import testtools

from tests.unit.compute import living, meddling

ACCEPT = {'ms': 150, 'retry_after': None}


class AcceptedTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())

    def accept(self, **values):
        self.living.pod.set_modes(accept={**ACCEPT, **values})

    def accept_only(self, what, **values):
        meddling.accept_only(self.living.pod, what, **{**ACCEPT, **values})

    def begin(self, **values):
        return self.living.begin_node(podm=self.living.podm, **values)

    def assert_composed_once(self, uuid, task):
        self.assertEqual('completed', task.state, task)
        node = self.living.node(uuid)
        self.assertEqual(('composed', None), (node.state, node.task_uuid))
        tags = self.living.tags(uuid)
        self.assertEqual(tags, self.living.ever_made())
        self.assertEqual(tags, self.living.made())
        (made,) = self.living.pod.nodes.values()
        self.assertEqual('Assembled', made.state)
        self.assertEqual(made.id, node.index)

    def assert_nothing_left(self):
        self.assertEqual([], self.living.nodes())
        self.assertEqual([], self.living.made())

    # Monitors

    def compose_with(self, monitor):
        self.accept(monitor=monitor)
        uuid, task = self.living.compose(podm=self.living.podm)
        self.assertGreaterEqual(self.living.pod.redfish_tasks, 2)
        self.assert_composed_once(uuid, task)

    def test_usual_monitor(self):
        self.compose_with('usual')

    def test_monitor_that_is_gone_at_the_end(self):
        self.compose_with('gone')

    def test_monitor_that_has_expired_at_the_end(self):
        self.compose_with('gone410')

    def test_monitor_that_never_is_there(self):
        self.compose_with('early')

    def test_monitor_that_never_ends(self):
        self.compose_with('lingers')

    def test_monitor_that_says_nothing(self):
        self.compose_with('bare')

    def test_monitor_that_runs_for_ever_does_not_hide_the_node(self):
        self.accept()
        meddling.never_ends(self.living.pod)
        uuid, task = self.living.compose(podm=self.living.podm)
        self.assert_composed_once(uuid, task)

    def test_no_thread_is_held(self):
        self.accept(ms=10**6)
        _, task_uuid = self.begin()
        task = self.living.wait_for_memo(task_uuid, 'monitor')
        self.assertEqual(('waiting', None), (task.state, task.owner))

    def test_other_process_goes_on(self):
        self.accept(ms=400)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'monitor')
        self.living.restart()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))
        self.assertEqual(2, self.living.pod.redfish_tasks)

    def test_other_process_goes_on_while_it_is_assembled(self):
        self.accept_only(meddling.ASSEMBLE, ms=400)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'node_url', 'monitor')
        self.living.restart()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))
        self.assertEqual(1, self.living.pod.redfish_tasks)

    # When to look again

    def pause_until_the_next_look(self, retry_after):
        self.accept(ms=10**6, retry_after=retry_after)
        _, task_uuid = self.begin()
        task = self.living.wait_for_memo(task_uuid, 'monitor')
        return (task.due_at - task.updated_at) / 1_000_000

    def test_retry_after_seconds(self):
        self.assertAlmostEqual(7, self.pause_until_the_next_look(7), 1)

    def test_retry_after_date(self):
        pause = self.pause_until_the_next_look('date')
        self.assertTrue(0.5 < pause <= 2.1, pause)

    def test_retry_after_is_not_told(self):
        self.assertAlmostEqual(0, self.pause_until_the_next_look(None), 1)

    def test_retry_after_much_too_long(self):
        self.assertAlmostEqual(60, self.pause_until_the_next_look(10**5), 1)

    def test_retry_after_of_an_assembly(self):
        self.accept_only(meddling.ASSEMBLE, ms=10**6, retry_after=7)
        _, task_uuid = self.begin()
        task = self.living.wait_for_memo(task_uuid, 'node_url', 'monitor')
        pause = (task.due_at - task.updated_at) / 1_000_000
        self.assertAlmostEqual(7, pause, 1)

    # Failures

    def test_allocation_fails(self):
        self.accept(monitor='fails')
        _, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('failed', task.state)
        self.assertEqual('Allocation failed', task.error['title'])
        self.assertIn('could not be carried out', task.error['reasons'][0])
        self.assertEqual([], self.living.ever_made())
        self.assert_nothing_left()

    def test_assembly_fails(self):
        self.accept_only(meddling.ASSEMBLE, monitor='fails')
        uuid, task = self.living.compose(podm=self.living.podm)
        self.assertEqual('failed', task.state)
        self.assertEqual('Change failed', task.error['title'])
        self.assertIn('could not be carried out', task.error['reasons'][0])
        self.assertEqual(self.living.tags(uuid), self.living.ever_made())
        self.assert_nothing_left()

    def test_last_system_is_taken_meanwhile(self):
        self.accept_only(meddling.ALLOCATE)
        _, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'monitor')
        for number in range(3):
            self.living.pod.appear('of somebody', f'other-{number}')
        task = self.living.finish(task_uuid)
        self.assertEqual('Allocation failed', task.error['title'])
        self.assertIn('available', str(task.error['reasons']))
        self.assertEqual([], self.living.nodes())

    def test_monitor_is_not_well_for_a_moment(self):
        self.accept(ms=300)
        asked = meddling.answer(self.living.pod, meddling.MONITOR, 500)
        uuid, task = self.living.compose(podm=self.living.podm)
        self.assert_composed_once(uuid, task)
        self.assertEqual(1, len(asked))

    def test_monitor_is_not_to_be_had_for_a_while(self):
        for status in (500, 503):
            self.accept(ms=300)
            _, task_uuid = self.begin(name=f'web-{status}')
            self.living.wait_for_memo(task_uuid, 'monitor')
            self.living.pod.set_modes(status=status)
            attempt = self.living.get(task_uuid).attempt
            self.living.work_until(
                lambda: (
                    self.living.get(task_uuid).ended  # noqa: B023
                    or self.living.get(task_uuid).attempt > attempt + 3  # noqa: B023
                )
            )
            self.living.pod.clear_modes()
            task = self.living.finish(task_uuid)
            self.assertEqual('completed', task.state, task)
        self.assertEqual(2, len(self.living.ever_made()))

    def test_monitor_says_that_it_failed_and_is_wrong(self):
        self.accept_only(meddling.ALLOCATE)
        meddling.answer(self.living.pod, meddling.MONITOR, 400, times=10**6)
        uuid, task = self.living.compose(podm=self.living.podm)
        self.assert_composed_once(uuid, task)


class TwoTest(testtools.TestCase):
    """Where the scheduler chooses: one that fails, and another."""

    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living(pods=2))
        # The size of the other one is not known, so it comes after.
        self.living.change(self.living.podm, usage={'systems': 100})

    def test_next_pod_manager_is_tried(self):
        self.living.pod.set_modes(accept={**ACCEPT, 'monitor': 'fails'})
        uuid, task = self.living.compose()
        self.assertEqual('completed', task.state, task)
        self.assertEqual(self.living.podms[1].uuid, task.podm_id)
        self.assertEqual(1, self.living.pod.redfish_tasks)
        self.assertEqual([], self.living.ever_made(0))
        self.assertEqual(self.living.tags(uuid), self.living.ever_made(1))

    def test_all_fail(self):
        for pod in self.living.simulator.pods:
            pod.set_modes(accept={**ACCEPT, 'monitor': 'fails'})
        _, task = self.living.compose()
        self.assertEqual('failed', task.state)
        reasons = '\n'.join(task.error['reasons'])
        for podm in self.living.podms:
            self.assertIn(podm.name, reasons)
        self.assertEqual([], self.living.nodes())
