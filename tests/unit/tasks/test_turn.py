import time

import testtools

from tests.fixtures import rows
from tests.unit.tasks import working
from valence.common import context, exception
from valence.tasks.outcome import Completed, HandOver, Wait


def done(run):
    return Completed('done')


class TurnTest(testtools.TestCase):
    """What becomes of a task by what its handler does."""

    def setUp(self):
        super().setUp()
        self.engine = self.useFixture(working.Engine())
        self.database = self.engine.database

    def run_one(self, *handlers, **values):
        """Add a task, let a worker do it, and give it as it ended."""
        uuid = self.engine.add(**values)
        with self.engine.running(*handlers):
            return self.engine.ended(uuid)

    def test_completes(self):
        def work(run):
            return Completed('done', result={'a': 1})

        task = self.run_one(working.Does(work))
        self.assertEqual(
            ('completed', 'done', {'a': 1}, 100, 1),
            (
                task.state,
                task.message,
                task.result,
                task.percent,
                task.attempt,
            ),
        )

    def test_what_belongs_to_the_end_is_written_with_it(self):
        values = rows.node()

        def work(run):
            return Completed(
                'done', also=lambda tables: tables.nodes.create(values=values)
            )

        self.run_one(working.Does(work))
        self.database.nodes.get(ident=values['uuid'], project_id=None)

    def test_fails(self):
        def work(run):
            raise exception.NoMatchingSystem(detail='none', reasons=['a', 'b'])

        handler = working.Does(work)
        task = self.run_one(handler)
        self.assertEqual(('failed', 'none'), (task.state, task.message))
        self.assertEqual(
            {
                'status': 409,
                'code': 'Conflict',
                'title': 'No matching system',
                'detail': 'none',
                'reasons': ['a', 'b'],
            },
            task.error,
        )
        self.assertIsInstance(handler.failures[0], exception.NoMatchingSystem)

    def test_what_a_failure_means_is_written_with_it(self):
        node = rows.add_node(self.database)

        class Fails(working.Does):
            def failed(self, tables, task, error):
                tables.nodes.delete(uuid=task.resource_uuid)
                raise RuntimeError('too much')

        def work(run):
            raise exception.Conflict(detail='no')

        uuid = self.engine.add(resource_uuid=node.uuid)
        with self.engine.running(Fails(work)):
            working.wait_until(
                lambda: 'could not be written' in self.engine.logger.output
            )
        self.assertFalse(self.engine.get(uuid).ended)
        self.database.nodes.get(ident=node.uuid, project_id=None)

    def test_crash_is_told_without_detail(self):
        def work(run):
            raise RuntimeError('password=secret')

        handler = working.Does(work)
        task = self.run_one(handler)
        self.assertEqual('failed', task.state)
        self.assertEqual(500, task.error['status'])
        self.assertNotIn('secret', str(task))
        self.assertIn('RuntimeError', self.engine.logger.output)
        self.assertEqual(1, len(handler.failures))

    def test_hand_over(self):
        podm_id, values = rows.new_uuid(), rows.node()

        def work(run):
            run.memo['tried'] = 'this'
            return HandOver(
                'valence-conductor',
                podm_id=podm_id,
                also=lambda tables: tables.nodes.create(values=values),
            )

        uuid = self.engine.add()
        with self.engine.running(working.Does(work)):
            working.wait_until(lambda: self.engine.bells.rung)
        self.assertEqual(['valence-conductor'], self.engine.bells.rung)
        (task,) = rows.claim(self.database, topic='valence-conductor')
        self.assertEqual((uuid, podm_id), (task.uuid, task.podm_id))
        self.assertEqual('this', task.memo['tried'])
        self.assertFalse(self.engine.run_of(task).taken_over)
        self.database.nodes.get(ident=values['uuid'], project_id=None)

    def test_wait_resumes_with_its_memo(self):
        seen = []

        def work(run):
            seen.append((run.memo.get('looks'), run.taken_over))
            run.memo['looks'] = run.memo.get('looks', 0) + 1
            return Wait(0.01) if len(seen) < 3 else Completed('done')

        task = self.run_one(working.Does(work))
        self.assertEqual([(None, False), (1, False), (2, False)], seen)
        self.assertEqual(3, task.attempt)

    def test_several_waits_end_without_a_sweep(self):
        pauses = {'a': 0.3, 'b': 0.6, 'c': 0.9}
        looked = {}

        def work(run):
            name = run.task.request['name']
            looked.setdefault(name, []).append(time.monotonic())
            if len(looked[name]) == 1:
                return Wait(pauses[name])
            return Completed('done')

        uuids = [self.engine.add(request={'name': name}) for name in pauses]
        with self.engine.running(working.Does(work), threads=3):
            for uuid in uuids:
                self.assertEqual('completed', self.engine.ended(uuid).state)
        for name, (first, second) in looked.items():
            self.assertGreaterEqual(second - first, pauses[name] - 0.01)

    def test_unknown_action_goes_back(self):
        uuid = self.engine.add(action='unheard-of')
        with self.engine.running(working.Does(done)):
            working.wait_until(
                lambda: self.engine.get(uuid).state == 'waiting'
            )
        task = self.engine.get(uuid)
        self.assertEqual(('waiting', None), (task.state, task.owner))
        self.assertGreater(task.due_at, task.updated_at)

    # The log

    def test_log_carries_the_request(self):
        seen = []

        def work(run):
            seen.append(context.current_request_id())
            return Completed('done')

        self.run_one(working.Does(work), request_id='req-1')
        self.assertEqual(['req-1'], seen)
