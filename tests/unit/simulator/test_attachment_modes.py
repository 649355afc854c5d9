"""Attaching when the pod manager misbehaves, and deleting by force."""

from typing import Any

import testtools

from tests.unit.simulator import running, versions


class ForceDeleteTest(testtools.TestCase):
    def test_frees_all(self) -> None:
        for name in ('rsd2.4', 'rsd2.5'):
            version = self.useFixture(versions.Version(name))
            node = version.assembled()
            free = version.allowed(node)
            version.attach(node, free[0])
            actions = version.client.get(node)['Actions']
            target = actions['#ComposedNode.ForceDelete']['target']
            answer = version.client.post(target, {})
            self.assertEqual((204, b''), (answer.status_code, answer.content))
            self.assertEqual(free, version.allowed(version.assembled()))
            self.assertEqual(404, version.client.post(target).status_code)
            self.assertTrue(version.client.stats()['made'][0]['deleted'])

    def test_not_before(self) -> None:
        for name in versions.NAMES[:3]:
            version = self.useFixture(versions.Version(name))
            node = version.client.allocate()
            actions = version.client.get(node)['Actions']
            self.assertNotIn('#ComposedNode.ForceDelete', actions)
            target = f'{node}/Actions/ComposedNode.ForceDelete'
            self.assertEqual(404, version.client.post(target).status_code)


class MisbehavingTest(testtools.TestCase):
    """The modes that other changing requests meet."""

    def setUp(self) -> None:
        super().setUp()
        self.version = self.useFixture(versions.Version('rsd2.4'))
        self.client = self.version.client
        self.node = self.version.assembled()
        self.path = self.version.allowed(self.node)[0]

    def ended(self, task: str) -> Any:
        running.eventually(
            lambda: self.client.get(task)['TaskState'] != 'Running'
        )
        return self.client.get(task)['TaskState']

    def test_accept(self) -> None:
        self.client.modes(accept={'ms': 0})
        for verb, wanted in (('Attach', [self.path]), ('Detach', [])):
            answer = self.version.change(self.node, verb, self.path)
            self.assertEqual(202, answer.status_code)
            task = answer.json()['@odata.id']
            self.assertEqual('Completed', self.ended(task))
            self.assertEqual(wanted, self.version.attached(self.node))

    def test_accepted_is_not_done(self) -> None:
        self.client.modes(accept={'ms': 10**6})
        self.version.attach(self.node, self.path)
        self.assertEqual([], self.version.attached(self.node))

    def test_one_of_two_that_were_accepted_is_late(self) -> None:
        other = self.version.assembled()
        self.client.modes(accept={'ms': 50})
        tasks = [
            self.version.attach(node, self.path).json()['@odata.id']
            for node in (self.node, other)
        ]
        self.assertEqual(
            ['Completed', 'Exception'], [self.ended(each) for each in tasks]
        )
        self.assertEqual([self.path], self.version.attached(self.node))

    def test_refused_at_once(self) -> None:
        self.client.modes(accept={})
        answer = self.version.detach(self.node, self.path)
        self.assertEqual(409, answer.status_code)
        answer = self.version.attach(self.node, '/redfish/v1/x')
        self.assertEqual(400, answer.status_code)
        self.assertEqual(0, self.client.stats()['redfish_tasks'])

    def test_drop(self) -> None:
        target = self.version.action(self.node, 'Attach')['target']
        body = {'Resource': {'@odata.id': self.path}}
        self.client.modes(drop=True)
        self.assertTrue(self.client.is_reset('POST', target, body))
        self.assertEqual([self.path], self.version.attached(self.node))

    def test_force_delete_is_accepted(self) -> None:
        target = f'{self.node}/Actions/ComposedNode.ForceDelete'
        self.client.modes(accept={'ms': 0})
        answer = self.client.post(target)
        self.assertEqual(202, answer.status_code)
        self.assertEqual('Completed', self.ended(answer.json()['@odata.id']))
        self.assertEqual([], self.client.stats()['nodes'])
