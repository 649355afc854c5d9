"""Compositions that are cancelled, or whose deadline passes, at each step."""

import time

import testtools

from tests.unit.compute import living, meddling
from valence.db.sqlalchemy import models, types

ACCEPT = {'ms': 300, 'retry_after': None}
#: What an assembly takes that does not end before the test.
FOR_EVER = 10**6


class _Stopped:
    """What holds for both ways to stop."""

    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living())
        self.pod = self.living.pod

    def stopped_at(self, *memo):
        """Stop a composition once it has noted something.

        :returns: the uuids of the node and of the task.
        """
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, *memo)
        self.stop(task_uuid)
        return uuid, task_uuid

    def assert_stopped(self, task_uuid):
        task = self.living.finish(task_uuid)
        self.assertEqual(self.ends, (task.state, task.error['code']), task)
        self.assert_nothing_left()

    def assert_nothing_left(self):
        self.assertEqual([], self.living.nodes())
        self.assertEqual([], self.living.made())
        self.assertEqual([], self.going_on())

    def going_on(self):
        """Give what the pod manager still is at."""
        return [
            task for task in self.pod.tasks.all() if task.state == 'Running'
        ]

    def turns(self, task_uuid, count):
        attempt = self.living.get(task_uuid).attempt + count

        def done():
            task = self.living.get(task_uuid)
            return task.ended or task.attempt > attempt

        self.living.work_until(done)
        self.assertFalse(self.living.get(task_uuid).ended)

    # At each step

    def test_before_it_began(self):
        _, task_uuid = self.begin()
        self.stop(task_uuid)
        asked = meddling.record(self.pod)
        self.assert_stopped(task_uuid)
        self.assertEqual([], asked)

    def test_while_it_is_allocated(self):
        self.pod.set_modes(accept=ACCEPT)
        uuid, task_uuid = self.stopped_at('monitor')
        self.assert_stopped(task_uuid)
        self.assertEqual(self.living.tags(uuid), self.living.ever_made())

    def test_while_it_is_allocated_without_a_monitor(self):
        self.living.restart(settle=1)
        self.pod.set_modes(accept={**ACCEPT, 'monitor': 'early'})
        uuid, task_uuid = self.stopped_at('monitor')
        self.assert_stopped(task_uuid)
        self.assertEqual(self.living.tags(uuid), self.living.ever_made())

    def test_while_an_allocation_fails(self):
        self.pod.set_modes(accept={**ACCEPT, 'monitor': 'fails'})
        _, task_uuid = self.stopped_at('monitor')
        self.assert_stopped(task_uuid)
        self.assertEqual([], self.living.ever_made())

    def test_while_nobody_knows_what_was_made(self):
        # It cannot be seen at first.
        meddling.lose(self.pod, meddling.ALLOCATE, acted=True)
        meddling.hide_nodes(self.pod, 3)
        self.living.restart(settle=5)
        _, task_uuid = self.stopped_at('unsure_since')
        self.assert_stopped(task_uuid)
        self.assertEqual(1, len(self.living.ever_made()))

    def test_while_nobody_knows_that_nothing_was_made(self):
        lost = meddling.lose(self.pod, meddling.ALLOCATE, 9, acted=False)
        self.living.restart(settle=0.5)
        _, task_uuid = self.stopped_at('unsure_since')
        self.assert_stopped(task_uuid)
        self.assertEqual(1, len(lost))

    def test_between_two_requests(self):
        meddling.lose(self.pod, meddling.ALLOCATE, 9, acted=False)
        self.living.restart(settle=0.5)
        _, task_uuid = self.stopped_at('unsure_since')
        time.sleep(0.6)
        self.assert_stopped(task_uuid)

    def test_allocated(self):
        meddling.accept_only(
            self.pod, meddling.ASSEMBLE, ms=FOR_EVER, retry_after=None
        )
        _, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'node_url', 'monitor')
        # It would be at it for longer than the test.
        self.pod.tasks.all()[0].timer.cancel()
        self.pod.tasks.delete(self.pod.tasks.all()[0])
        self.stop(task_uuid)
        self.assert_stopped(task_uuid)

    def test_while_it_is_assembled(self):
        self.pod.set_modes(assembly_ms=FOR_EVER)
        _, task_uuid = self.stopped_at('node_url')
        (made,) = self.pod.nodes.values()
        self.assertEqual('Assembling', made.state)
        self.assert_stopped(task_uuid)

    def test_while_it_is_cleared_up_after_an_error(self):
        self.pod.set_modes(assembly='fail')
        meddling.accept_only(self.pod, meddling.DELETE, **ACCEPT)
        _, task_uuid = self.stopped_at('error')
        task = self.living.finish(task_uuid)
        self.assertEqual('Composition failed', task.error['title'])
        self.assert_nothing_left()

    def test_gone_behind_our_back(self):
        self.pod.set_modes(assembly_ms=FOR_EVER)
        _, task_uuid = self.stopped_at('node_url')
        self.pod.forget('1')
        self.assert_stopped(task_uuid)

    # Its deletion

    def test_deletion_is_accepted(self):
        for monitor in ('usual', 'gone', 'early', 'lingers', 'bare'):
            self.pod.set_modes(assembly_ms=FOR_EVER)
            _, task_uuid = self.stopped_at('node_url')
            meddling.accept_only(
                self.pod, meddling.DELETE, **ACCEPT, monitor=monitor
            )
            self.assert_made_gone(task_uuid)

    def assert_made_gone(self, task_uuid):
        task = self.living.finish(task_uuid)
        self.assertEqual(self.ends, (task.state, task.error['code']), task)
        self.assertEqual([], self.living.nodes())
        self.assertEqual([], self.living.made())

    def test_deletion_is_not_answered(self):
        for acted in (True, False):
            self.pod.set_modes(assembly_ms=FOR_EVER)
            _, task_uuid = self.stopped_at('node_url')
            lost = meddling.lose(self.pod, meddling.DELETE, acted=acted)
            self.assert_stopped(task_uuid)
            self.assertEqual(1, len(lost))

    def test_deletion_is_answered_with_an_error_for_a_moment(self):
        for status in (500, 502, 503, 504, 429):
            self.pod.set_modes(assembly_ms=FOR_EVER)
            _, task_uuid = self.stopped_at('node_url')
            asked = meddling.answer(self.pod, meddling.DELETE, status)
            self.assert_stopped(task_uuid)
            self.assertEqual(1, len(asked))

    def test_deletion_is_refused(self):
        self.pod.set_modes(assembly_ms=FOR_EVER)
        uuid, task_uuid = self.stopped_at('node_url')
        meddling.answer(self.pod, meddling.DELETE, 409, times=10**6)
        self.assert_kept_for_a_person(uuid, task_uuid)

    def test_worker_dies_while_it_is_deleted(self):
        self.pod.set_modes(assembly_ms=FOR_EVER)
        _, task_uuid = self.stopped_at('node_url')
        self.living.die()
        self.pod.forget('1')
        self.assert_stopped(task_uuid)

    # The pod manager is away meanwhile

    def away_at(self, *memo):
        _, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, *memo)
        self.pod.set_modes(away=True)
        self.stop(task_uuid)
        self.turns(task_uuid, 5)
        self.pod.set_modes(away=False)
        self.assert_stopped(task_uuid)

    def test_away_while_it_is_allocated(self):
        self.pod.set_modes(accept=ACCEPT)
        self.away_at('monitor')

    def test_away_while_nobody_knows_what_was_made(self):
        self.living.restart(settle=5)
        meddling.lose(self.pod, meddling.ALLOCATE, acted=True)
        meddling.hide_nodes(self.pod, 3)
        self.away_at('unsure_since')

    def test_away_while_it_is_assembled(self):
        self.pod.set_modes(assembly_ms=FOR_EVER)
        self.away_at('node_url')

    def test_away_for_too_long(self):
        self.pod.set_modes(assembly_ms=FOR_EVER)
        self.living.restart(give_up=0.5)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'node_url')
        self.pod.set_modes(away=True)
        self.stop(task_uuid)
        self.assert_kept_for_a_person(uuid, task_uuid)

    def assert_kept_for_a_person(self, uuid, task_uuid):
        task = self.living.finish(task_uuid)
        self.assertEqual('failed', task.state, task)
        self.assertEqual('needs_attention', task.error['code'])
        node = self.living.node(uuid)
        self.assertEqual(('error', None), (node.state, node.task_uuid))
        self.assertEqual(task.error['detail'], node.state_reason)

    def test_credentials_were_changed(self):
        self.pod.set_modes(assembly_ms=FOR_EVER)
        uuid, task_uuid = self.stopped_at('node_url')
        self.living.with_wrong_password()
        self.assert_kept_for_a_person(uuid, task_uuid)


class CancelledTest(_Stopped, testtools.TestCase):
    ends = ('cancelled', 'cancelled')

    def begin(self):
        return self.living.begin_node(podm=self.living.podm)

    def stop(self, task_uuid):
        self.living.database.tasks.cancel(uuid=task_uuid)

    def test_while_the_scheduler_has_it(self):
        uuid, task_uuid = self.living.begin_node()
        self.stop(task_uuid)
        self.assert_stopped(task_uuid)

    def test_while_the_request_is_on_its_way(self):
        # Longer than a worker takes to hear of it.
        self.pod.set_modes(act_ms=1500)
        _, task_uuid = self.begin()

        def cancel(call):
            if meddling.ALLOCATE in meddling.name(call):
                self.stop(task_uuid)

        meddling.meddle(self.pod, before=cancel)
        self.assert_stopped(task_uuid)
        self.assertEqual(1, len(self.living.ever_made()))


class DeadlineTest(_Stopped, testtools.TestCase):
    ends = ('failed', 'deadline_exceeded')

    def begin(self, deadline=600):
        return self.living.begin_node(podm=self.living.podm, deadline=deadline)

    def stop(self, task_uuid):
        """Let the deadline be now, when the task is due, too."""
        table = models.tasks
        with self.living.database.engine.begin() as connection:
            connection.execute(
                table.update()
                .where(table.c.uuid == task_uuid)
                .values(deadline_at=types.now(), due_at=types.now())
            )

    def test_it_is_away_until_then(self):
        self.pod.set_modes(dead=True)
        self.living.restart()
        began_at = time.monotonic()
        _, task_uuid = self.begin(deadline=0.7)
        self.assert_stopped(task_uuid)
        self.assertGreater(time.monotonic() - began_at, 0.6)
