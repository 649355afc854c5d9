"""The task service and its tasks."""

import json

import testtools

from tests.unit.simulator import accepting, running
from valence.simulator import tasks


class TaskTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(accepting.Accepting())
        self.client = self.simulated.client

    def test_found_from_the_root(self) -> None:
        self.simulated.accept()
        self.simulated.allocate()
        service = self.client.get(running.ROOT)['Tasks']['@odata.id']
        collection = self.client.get(service)['Tasks']['@odata.id']
        (member,) = self.client.get(collection)['Members']
        self.assertEqual(f'{running.TASKS}/1', member['@odata.id'])

    def test_running(self) -> None:
        self.simulated.accept()
        self.simulated.allocate()
        task = self.simulated.task()
        self.assertEqual('Running', task['TaskState'])
        self.assertEqual('OK', task['TaskStatus'])
        self.assertEqual(0, task['PercentComplete'])
        self.assertIn('StartTime', task)
        self.assertNotIn('EndTime', task)
        self.assertEqual([], task['Messages'])

    def test_completed(self) -> None:
        self.simulated.accept(ms=0)
        self.simulated.allocate()
        task = self.simulated.ended()
        self.assertEqual('Completed', task['TaskState'])
        self.assertEqual('OK', task['TaskStatus'])
        self.assertEqual(100, task['PercentComplete'])
        self.assertLessEqual(task['StartTime'], task['EndTime'])

    def test_payload_tells_what_was_asked_for(self) -> None:
        self.simulated.accept()
        self.simulated.allocate(Name='n')
        payload = self.simulated.task()['Payload']
        self.assertEqual('POST', payload['HttpOperation'])
        self.assertEqual(running.ALLOCATE, payload['TargetUri'])
        self.assertEqual({'Name': 'n'}, json.loads(payload['JsonBody']))

    def test_nothing_is_left_when_it_acts(self) -> None:
        self.simulated.accept(ms=400)
        self.simulated.allocate()
        for _ in range(2):
            self.simulated.pod.appear('d')
        task = self.simulated.ended()
        self.assertEqual('Exception', task['TaskState'])
        self.assertEqual('Critical', task['TaskStatus'])
        self.assertIn('no computer systems', task['Messages'][0]['Message'])
        self.assertEqual([], self.simulated.pod.made)
        answer = self.simulated.monitor()
        self.assertEqual(409, answer.status_code)
        error = answer.json()['error']
        self.assertEqual('Base.1.0.ResourcesStateMismatch', error['code'])

    def test_delete(self) -> None:
        self.simulated.accept(ms=0)
        self.simulated.allocate()
        self.simulated.ended()
        path = f'{running.TASKS}/1'
        self.assertEqual(204, self.client.delete(path).status_code)
        self.assertEqual(404, self.client.call('GET', path).status_code)
        self.assertEqual(404, self.simulated.monitor().status_code)

    def test_delete_while_it_runs(self) -> None:
        self.simulated.accept()
        self.simulated.allocate()
        answer = self.client.delete(f'{running.TASKS}/1')
        self.assertEqual(409, answer.status_code)

    def test_only_the_last_are_kept(self) -> None:
        self.simulated.pod.tasks = tasks.Tasks(kept=2)
        self.simulated.accept(ms=0)
        for _ in range(3):
            self.client.post(accepting.RESET, {'ResetType': 'On'})
        members = self.client.get(running.TASKS)['Members']
        self.assertEqual(
            [f'{running.TASKS}/2', f'{running.TASKS}/3'],
            [each['@odata.id'] for each in members],
        )
