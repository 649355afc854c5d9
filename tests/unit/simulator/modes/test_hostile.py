"""Pod managers that lead their clients astray."""

from typing import Any

import fixtures
import requests
import testtools

from tests.unit.simulator import accepting, running, test_command, test_walk
from valence.simulator.modes import forms

SYSTEMS = f'{running.ROOT}/Systems'
EVIL = 'http://127.0.0.1:9'


class HostileTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(systems=2))
        self.client = self.running.client

    def be_hostile(self, *where: str, **more: Any) -> None:
        value = {'url': EVIL, 'where': where, **more}
        self.client.modes(hostile=value).raise_for_status()

    def get(self, path: str, *where: str, **more: Any) -> Any:
        self.be_hostile(*where, **more)
        return self.client.get(path)

    def post(self, path: str, body: object) -> requests.Response:
        return self.client.call('POST', path, json=body, allow_redirects=False)

    def evil(self, document: Any) -> list[str]:
        """Return the links in a document that lead elsewhere."""
        found = list(test_walk.links(document))
        return [each for each in found if each.startswith(EVIL)]

    def test_members(self) -> None:
        usual = self.client.get(SYSTEMS)
        found = self.get(SYSTEMS, 'members')
        self.assertEqual(
            [EVIL + each['@odata.id'] for each in usual['Members']],
            [each['@odata.id'] for each in found['Members']],
        )
        self.assertEqual(2, len(self.evil(found)))
        self.assertEqual({**usual, 'Members': 0}, {**found, 'Members': 0})

    def test_expanded_members(self) -> None:
        found = self.get(f'{SYSTEMS}?$expand=.', 'members')
        self.assertEqual(2, len(self.evil(found)))
        self.assertEqual('1-s-1', found['Members'][0]['Id'])

    def test_links(self) -> None:
        found = self.get(running.ROOT, 'links')
        self.assertEqual(f'{EVIL}{SYSTEMS}', found['Systems']['@odata.id'])
        self.assertEqual(running.ROOT, found['@odata.id'])
        self.assertEqual([], self.evil(self.client.get(SYSTEMS)))

    def test_own(self) -> None:
        found = self.get(running.SYSTEM, 'own')
        self.assertEqual([EVIL + running.SYSTEM], self.evil(found))
        self.assertEqual(EVIL + running.SYSTEM, found['@odata.id'])

    def test_next(self) -> None:
        found = self.get(SYSTEMS, 'next')
        following = found['Members@odata.nextLink']
        self.assertEqual(f'{EVIL}{SYSTEMS}?page=1', following)
        system = self.client.get(running.SYSTEM)
        self.assertNotIn('Members@odata.nextLink', system)

    def test_actions(self) -> None:
        found = self.get(running.SYSTEM, 'actions')
        target = found['Actions']['#ComputerSystem.Reset']['target']
        self.assertEqual(EVIL + accepting.RESET, target)
        self.assertEqual([], self.evil(found))

    def test_created(self) -> None:
        self.be_hostile('created')
        node = f'{running.NODES}/1'
        answer = self.post(running.ALLOCATE, {})
        self.assertEqual(201, answer.status_code)
        self.assertEqual(EVIL + node, answer.headers['Location'])
        self.client.get(node)

    def test_monitor(self) -> None:
        self.client.modes(accept={'ms': accepting.FOR_EVER})
        self.be_hostile('monitor')
        answer = self.post(running.ALLOCATE, {})
        self.assertEqual(202, answer.status_code)
        monitor = f'{EVIL}{running.TASKS}/1/Monitor'
        self.assertEqual(monitor, answer.headers['Location'])
        self.assertEqual(monitor, answer.json()['TaskMonitor'])

    def test_session(self) -> None:
        self.be_hostile('session')
        place = self.client.login().headers['Location']
        self.assertEqual(f'{EVIL}{running.SESSIONS}/1', place)

    def test_each_place_alone(self) -> None:
        self.client.modes(accept={'ms': accepting.FOR_EVER, 'share': 1})
        for where, places in (
            ('created', []),
            ('monitor', ['monitor']),
            ('session', ['session']),
        ):
            self.be_hostile(where)
            answers = {
                'monitor': self.post(running.ALLOCATE, {}),
                'session': self.client.login(),
            }
            led = [
                name
                for name, answer in answers.items()
                if answer.headers['Location'].startswith(EVIL)
            ]
            self.assertEqual(places, led)

    def test_redirect_of_get(self) -> None:
        for status in (301, 302, 303, 307, 308):
            self.be_hostile('get', status=status)
            answer = self.client.call(
                'GET', f'{SYSTEMS}?a=b', allow_redirects=False
            )
            self.assertEqual(status, answer.status_code)
            place = answer.headers['Location']
            self.assertEqual(f'{EVIL}{SYSTEMS}?a=b', place)
        self.assertEqual(201, self.post(running.ALLOCATE, {}).status_code)

    def test_redirect_of_what_changes(self) -> None:
        for status in (301, 302, 303, 307, 308):
            self.be_hostile('post', status=status)
            answer = self.post(running.ALLOCATE, {})
            self.assertEqual(status, answer.status_code)
            place = answer.headers['Location']
            self.assertEqual(EVIL + running.ALLOCATE, place)
        self.assertEqual([], self.client.stats()['made'])
        self.client.get(SYSTEMS)

    def test_each_form_everywhere(self) -> None:
        """What no server can send would be a 500."""
        for form in forms.FORMS:
            self.be_hostile('get', form=form)
            answer = self.client.call('GET', SYSTEMS, allow_redirects=False)
            self.assertEqual(302, answer.status_code, form)
            own = forms.lead(form, self.client.url, EVIL, SYSTEMS)
            place = answer.headers['Location']
            self.assertEqual(forms.in_header(own), place)
            found = self.get(SYSTEMS, 'own', form=form)
            self.assertEqual(own, found['@odata.id'])

    def test_all_links_but_no_redirect_is_usual(self) -> None:
        self.client.modes(hostile={'url': EVIL}).raise_for_status()
        for path in (running.ROOT, SYSTEMS):
            found = self.client.get(path)
            links = list(test_walk.links(found))
            self.assertEqual(links, self.evil(found))
        place = self.post(running.ALLOCATE, {}).headers['Location']
        self.assertTrue(place.startswith(EVIL))

    def test_errors_stay(self) -> None:
        self.client.modes(hostile={'url': EVIL})
        answer = self.client.call('GET', f'{running.NODES}/7')
        self.assertEqual(404, answer.status_code)
        self.assertNotIn(EVIL, answer.text)

    def test_other_scheme(self) -> None:
        files = test_command.certificate(
            self.useFixture(fixtures.TempDir()).path
        )
        secure = self.useFixture(running.Running(tls=files)).client
        secure.session.verify = files[0]
        for client, other in ((self.client, 'https:'), (secure, 'http:')):
            value = {'url': EVIL, 'form': 'other_scheme'}
            client.modes(hostile=value)
            found = client.get(running.SYSTEM)['@odata.id']
            scheme, rest = client.url.split(':', 1)
            self.assertNotEqual(other, f'{scheme}:')
            self.assertEqual(f'{other}{rest}{running.SYSTEM}', found)
