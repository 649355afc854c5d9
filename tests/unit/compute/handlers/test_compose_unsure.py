"""Compositions whose requests nobody answered, or not in a way that helps."""

import time
import types

import testtools

from tests.unit.compute import living, meddling
from valence.common import http_retry
from valence.common.http_client import Limits
from valence.simulator import exchange

GARBLES = ('truncated', 'html', 'empty', 'list', 'wrong_types')


class UnsureTest(testtools.TestCase):
    limits = Limits(timeout=20, change_timeout=20)

    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living(limits=self.limits))
        self.pod = self.living.pod

    def begin(self, **values):
        return self.living.begin_node(podm=self.living.podm, **values)

    def compose(self):
        return self.living.compose(podm=self.living.podm)

    def lose_answer_and(self, **modes):
        """Lose the answer to an allocation, and have modes since then."""
        self.pod.set_modes(**modes)
        since_then = self.pod.modes
        self.pod.clear_modes()

        def lose(call, reply):
            if meddling.ALLOCATE in meddling.name(call):
                self.pod.modes = since_then
                raise meddling.LOST
            return reply

        meddling.meddle(self.pod, after=lose)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'unsure_since')
        return uuid, task_uuid

    def turns(self, task_uuid, count):
        """Let workers take so many turns; the task must not end by that."""
        attempt = self.living.get(task_uuid).attempt + count

        def done():
            task = self.living.get(task_uuid)
            return task.ended or task.attempt > attempt

        self.living.work_until(done)
        task = self.living.get(task_uuid)
        self.assertFalse(task.ended, task)

    def assert_composed_once(self, uuid, task):
        self.assertEqual('completed', task.state, task)
        self.assertEqual('composed', self.living.node(uuid).state)
        tags = self.living.tags(uuid)
        self.assertEqual(tags, self.living.ever_made())
        self.assertEqual(tags, self.living.made())

    def assert_nothing_left(self):
        self.assertEqual([], self.living.nodes())
        self.assertEqual([], self.living.made())

    def assert_kept_for_a_person(self, uuid, task):
        self.assertEqual('failed', task.state, task)
        self.assertEqual('needs_attention', task.error['code'])
        node = self.living.node(uuid)
        self.assertEqual(('error', None), (node.state, node.task_uuid))
        self.assertEqual(task.error['detail'], node.state_reason)
        self.assertIn('delete the node', node.state_reason)


class LostTest(UnsureTest):
    """Connections that are reset."""

    def test_made_is_adopted(self):
        meddling.lose(self.pod, meddling.ALLOCATE, acted=True)
        self.assert_composed_once(*self.compose())

    def test_not_made_is_asked_for_again(self):
        lost = meddling.lose(self.pod, meddling.ALLOCATE, acted=False)
        self.assert_composed_once(*self.compose())
        self.assertEqual(1, len(lost))

    def test_not_before_the_pod_manager_cannot_be_at_it_any_more(self):
        self.living.restart(settle=600)
        lost = meddling.lose(self.pod, meddling.ALLOCATE, 9, acted=False)
        _, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'unsure_since')
        self.turns(task_uuid, 5)
        self.assertEqual(1, len(lost))

    def test_three_times_at_the_most(self):
        lost = meddling.lose(self.pod, meddling.ALLOCATE, 10**6, acted=False)
        _, task = self.compose()
        self.assertEqual('failed', task.state)
        self.assertEqual('Allocation failed', task.error['title'])
        self.assertIn('closed the connection', task.error['reasons'][0])
        self.assertIn(self.living.podm.name, task.error['detail'])
        self.assertEqual(3, len(lost))
        self.assert_nothing_left()

    def test_all_answers_to_changes(self):
        self.pod.set_modes(drop=True)
        self.assert_composed_once(*self.compose())

    def test_assembly_that_was_not_asked_for_is_asked_for_again(self):
        lost = meddling.lose(self.pod, meddling.ASSEMBLE, acted=False)
        self.assert_composed_once(*self.compose())
        self.assertEqual(1, len(lost))

    def test_assembly_that_went_on_is_waited_for(self):
        lost = meddling.lose(self.pod, meddling.ASSEMBLE, acted=True)
        self.assert_composed_once(*self.compose())
        self.assertEqual(1, len(lost))


class SlowTest(UnsureTest):
    """A pod manager that acts after its client has gone."""

    limits = Limits(timeout=5, change_timeout=1)

    def test_made_once(self):
        self.pod.set_modes(act_ms=1300)
        self.living.restart(settle=2)
        uuid, task = self.compose()
        self.pod.clear_modes()
        self.assert_composed_once(uuid, task)

    def test_settling_begins_when_the_client_gives_up(self):
        self.pod.set_modes(act_ms=1300)
        self.living.restart(settle=1)
        uuid, task = self.compose()
        self.assert_composed_once(uuid, task)

    def test_settling_begins_anew_with_each_request(self):
        lost = meddling.lose(self.pod, meddling.ALLOCATE, acted=False)
        self.living.restart(settle=1)
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'unsure_since')
        self.pod.set_modes(act_ms=1300)
        task = self.living.finish(task_uuid)
        self.assertEqual(1, len(lost))
        self.assert_composed_once(uuid, task)


class ErrorTest(UnsureTest):
    """Errors in the place of an answer."""

    def answered(self, status, *, acted, times=1):
        return meddling.answer(
            self.pod, meddling.ALLOCATE, status, times, acted=acted
        )

    def test_made_is_adopted(self):
        for number, status in enumerate((500, 502, 503, 504)):
            self.answered(status, acted=True)
            uuid, task = self.living.compose(
                name=f'web-{status}', podm=self.living.podm
            )
            self.assertEqual('completed', task.state, task)
            self.assertEqual(number + 1, len(self.living.ever_made()))
            self.living.act('delete_node', self.living.node(uuid))

    def test_gateway_is_asked_again(self):
        for status in (502, 504):
            asked = self.answered(status, acted=False)
            _, task = self.living.compose(
                name=f'web-{status}', podm=self.living.podm
            )
            self.assertEqual('completed', task.state, task)
            self.assertEqual(1, len(asked))
        self.assertEqual(2, len(self.living.ever_made()))

    def test_gateway_is_asked_three_times_at_the_most(self):
        asked = self.answered(502, acted=False, times=10**6)
        _, task = self.compose()
        self.assertEqual('Allocation failed', task.error['title'])
        self.assertEqual(3, len(asked))
        self.assert_nothing_left()

    def test_word_of_the_pod_manager_itself_is_believed(self):
        for status in (500, 503):
            asked = self.answered(status, acted=False, times=10**6)
            _, task = self.living.compose(
                name=f'web-{status}', podm=self.living.podm
            )
            self.assertEqual('failed', task.state)
            self.assertEqual('Refused by the pod manager', task.error['title'])
            self.assertEqual(1, len(asked))
            self.pod.clear_modes()
        self.assert_nothing_left()

    def answer_without_location(self):
        def take(call, reply):
            if meddling.ALLOCATE not in meddling.name(call):
                return reply
            return exchange.Reply(204)

        meddling.meddle(self.pod, after=take)

    def test_answer_without_location(self):
        self.answer_without_location()
        self.assert_composed_once(*self.compose())

    def test_answer_without_location_and_then_none(self):
        self.answer_without_location()
        meddling.answer(self.pod, 'GET /redfish/v1/Nodes/', 503, times=3)
        self.assert_composed_once(*self.compose())


class GarbledTest(UnsureTest):
    """What is read after an answer was lost makes no sense."""

    def lost_and_garbled(self, garble):
        uuid, task_uuid = self.lose_answer_and(garble=garble)
        self.turns(task_uuid, 5)
        self.pod.clear_modes()
        return uuid, self.living.finish(task_uuid)

    def test_it_is_adopted_when_it_can_be_read(self):
        for garble in GARBLES:
            uuid, task = self.lost_and_garbled(garble)
            self.assert_composed_once(uuid, task)
            self.living.act('delete_node', self.living.node(uuid))
            self.pod._made.clear()

    def test_node_is_garbled_while_it_is_assembled(self):
        for garble in GARBLES:
            self.pod.set_modes(assembly_ms=100)
            uuid, task_uuid = self.begin()
            self.living.wait_for_memo(task_uuid, 'node_url')
            self.pod.set_modes(garble=garble)
            self.turns(task_uuid, 5)
            self.pod.clear_modes()
            self.assert_composed_once(uuid, self.living.finish(task_uuid))
            self.living.act('delete_node', self.living.node(uuid))
            self.pod._made.clear()


class AwayTest(UnsureTest):
    """The pod manager is away while nobody knows whether there is a node."""

    def test_waits_and_goes_on_when_it_is_back(self):
        for modes in ({'away': True}, {'status': 503}, {'status': 500}):
            uuid, task_uuid = self.lose_answer_and(**modes)
            self.turns(task_uuid, 5)
            self.pod.clear_modes()
            task = self.living.finish(task_uuid)
            self.assert_composed_once(uuid, task)
            self.living.act('delete_node', self.living.node(uuid))
            self.pod._made.clear()

    def test_dead_for_a_while(self):
        uuid, task_uuid = self.lose_answer_and(away=True)
        self.pod.set_modes(dead=True)
        self.turns(task_uuid, 5)
        self.pod.clear_modes()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_away_for_too_long(self):
        self.living.restart(give_up=0.1)
        uuid, task_uuid = self.lose_answer_and(away=True)
        task = self.living.finish(task_uuid)
        self.assert_kept_for_a_person(uuid, task)
        self.assertIn('cannot be reached', task.error['detail'])

    def test_not_well_for_too_long(self):
        self.living.restart(give_up=0.1)
        uuid, task_uuid = self.lose_answer_and(status=500)
        self.assert_kept_for_a_person(uuid, self.living.finish(task_uuid))

    def test_away_twice_is_not_away_for_long(self):
        self.living.restart(give_up=4, settle=600)
        # A look must not take so long by chance.
        at_once = types.SimpleNamespace(uniform=lambda *bounds: 0.0)
        self.patch(http_retry, 'random', at_once)
        uuid, task_uuid = self.lose_answer_and(away=True)
        for _ in range(3):
            time.sleep(1.5)
            self.turns(task_uuid, 1)
            self.pod.clear_modes()
            meddling.hide_nodes(self.pod, 10**6)
            self.turns(task_uuid, 2)
            self.pod.set_modes(away=True)
        self.pod.clear_modes()
        self.assert_composed_once(uuid, self.living.finish(task_uuid))

    def test_refuses_our_credentials(self):
        uuid, task_uuid = self.lose_answer_and(away=True)
        self.pod.clear_modes()
        self.living.with_wrong_password()
        task = self.living.finish(task_uuid)
        self.assert_kept_for_a_person(uuid, task)
        self.assertIn('credentials', task.error['detail'])

    def test_refuses_our_credentials_while_it_is_at_it(self):
        self.pod.set_modes(accept={'ms': 100, 'retry_after': None})
        uuid, task_uuid = self.begin()
        self.living.wait_for_memo(task_uuid, 'monitor')
        self.living.with_wrong_password()
        self.assert_kept_for_a_person(uuid, self.living.finish(task_uuid))

    def test_what_is_kept_can_be_deleted_when_it_is_back(self):
        self.living.restart(give_up=0.1)
        uuid, task_uuid = self.lose_answer_and(away=True)
        self.living.finish(task_uuid)
        self.pod.clear_modes()
        self.assertEqual(1, len(self.living.made()))
        task = self.living.act('delete_node', self.living.node(uuid))
        self.assertEqual('completed', task.state, task)
        self.assert_nothing_left()


class EndlessTest(UnsureTest):
    """What would go on for ever."""

    def setUp(self):
        super().setUp()
        self.living.restart(give_up=0.3)

    def test_allocation_that_says_for_ever_that_it_runs(self):
        self.pod.set_modes(accept={'ms': 10**6, 'retry_after': None})
        uuid, task = self.compose()
        self.assert_kept_for_a_person(uuid, task)
        self.assertEqual(1, self.pod.redfish_tasks)

    def test_allocation_that_runs_for_ever_without_a_monitor(self):
        self.pod.set_modes(
            accept={'ms': 10**6, 'retry_after': None, 'monitor': 'early'}
        )
        uuid, task = self.compose()
        self.assert_kept_for_a_person(uuid, task)
        self.assertEqual(1, self.pod.redfish_tasks)

    def test_assembly_that_is_accepted_and_not_done(self):
        def accept(call):
            if meddling.ASSEMBLE in call.path:
                return exchange.no_content()
            return None

        meddling.meddle(self.pod, before=accept)
        _, task = self.compose()
        self.assertEqual('failed', task.state)
        self.assertEqual('Composition failed', task.error['title'])
        self.assert_nothing_left()

    def test_half_made_node_that_is_not_deleted(self):
        self.pod.set_modes(assembly='fail')
        meddling.accept_only(
            self.pod, meddling.DELETE, monitor='fails', ms=0, retry_after=None
        )
        uuid, task = self.compose()
        self.assert_kept_for_a_person(uuid, task)

    def test_half_made_node_that_still_answers_after_its_deletion(self):
        self.pod.set_modes(assembly='fail')
        meddling.haunt(self.pod)
        _, task = self.compose()
        self.assertEqual('failed', task.state)
        self.assertEqual('Composition failed', task.error['title'])
        self.assert_nothing_left()
