"""Answers that do not arrive, or are not what they should be."""

import json

import testtools

from tests.unit.simulator import running


class DropTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(systems=30))
        self.client = self.running.client

    def allocate_is_reset(self) -> bool:
        return self.client.is_reset('POST', running.ALLOCATE)

    def test_acts_and_resets(self) -> None:
        self.client.modes(drop=True)
        self.assertTrue(self.allocate_is_reset())
        self.assertEqual(1, len(self.client.stats()['made']))

    def test_the_other_changes_too(self) -> None:
        node = self.client.allocate()
        self.client.modes(drop=1)
        body = {'AssetTag': 'new'}
        self.assertTrue(self.client.is_reset('PATCH', running.SYSTEM, body))
        self.assertTrue(self.client.is_reset('DELETE', node))
        self.assertEqual('new', self.client.get(running.SYSTEM)['AssetTag'])
        self.assertEqual([], self.client.stats()['nodes'])

    def test_logins_are_answered(self) -> None:
        self.client.modes(drop=True)
        self.assertEqual(201, self.client.login().status_code)

    def test_what_was_not_acted_upon_is_answered(self) -> None:
        self.client.modes(drop=True, status=503)
        self.assertFalse(self.allocate_is_reset())

    def test_chance(self) -> None:
        self.client.modes(drop=0.5)
        dropped = sum(self.allocate_is_reset() for _ in range(30))
        self.assertIn(dropped, range(1, 30))
        self.assertEqual(30, len(self.client.stats()['made']))


class GarbleTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(running.Running(systems=2)).client

    def garbled(self, how: str, path: str = running.SYSTEM) -> bytes:
        self.client.modes(garble=how)
        answer = self.client.call('GET', path)
        self.assertEqual(200, answer.status_code)
        return bytes(answer.content)

    def test_truncated(self) -> None:
        whole = self.client.call('GET', running.SYSTEM).content
        cut = self.garbled('truncated')
        self.assertEqual(whole[: len(whole) // 2], cut)

    def test_html(self) -> None:
        self.assertIn(b'<html>', self.garbled('html'))
        answer = self.client.call('GET', running.SYSTEM)
        self.assertEqual('text/html', answer.headers['Content-Type'])

    def test_empty(self) -> None:
        self.assertEqual(b'', self.garbled('empty'))

    def test_list(self) -> None:
        document = self.client.get(running.SYSTEM)
        self.assertEqual([document], json.loads(self.garbled('list')))

    def test_wrong_types(self) -> None:
        document = self.client.get(running.NODES)
        wrong = json.loads(self.garbled('wrong_types', running.NODES))
        self.assertEqual(set(document), set(wrong))
        for name, value in document.items():
            self.assertIsNot(type(value), type(wrong[name]), name)

    def test_metadata_too(self) -> None:
        path = f'{running.ROOT}/$metadata'
        whole = self.client.call('GET', path).content
        for how in ('truncated', 'list', 'wrong_types'):
            self.assertNotEqual(whole, self.garbled(how, path))

    def test_other_answers_are_good(self) -> None:
        self.client.modes(garble='empty')
        login = self.client.login()
        self.assertEqual('admin', login.json()['UserName'])
        session = self.client.get(login.headers['Location'])
        self.assertEqual('admin', session['UserName'])
        missing = self.client.call('GET', f'{running.NODES}/1')
        self.assertIn('error', missing.json())
        body = {'AssetTag': 'new'}
        patched = self.client.patch(running.SYSTEM, body).json()
        self.assertEqual('new', patched['AssetTag'])
