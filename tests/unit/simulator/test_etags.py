"""ETags, and requests that depend on them."""

from typing import Any

import requests
import testtools

from tests.unit.simulator import running, versions

MINDFUL = ('rsd2.4', 'rsd2.5', 'plain')


class ETagsTest(testtools.TestCase):
    def client(self, mode: str) -> running.Client:
        return self.useFixture(running.Running(mode=mode, systems=2)).client

    def etag(self, client: running.Client, path: str = running.SYSTEM) -> str:
        return str(client.call('GET', path).headers['ETag'])

    def patched(
        self, client: running.Client, etag: str, tag: str = 'new'
    ) -> requests.Response:
        headers = {'If-Match': etag}
        return client.call(
            'PATCH', running.SYSTEM, json={'AssetTag': tag}, headers=headers
        )

    def known(self, client: running.Client, etag: str) -> requests.Response:
        headers = {'If-None-Match': etag}
        return client.call('GET', running.SYSTEM, headers=headers)

    def test_form(self) -> None:
        for mode, form in (
            ('rsd2.3', r'W/"[0-9a-f]+"'),
            ('rsd2.4', r'W/"[0-9a-f]+"'),
            ('rsd2.5', r'W/"[0-9a-f]+"'),
            ('plain', r'"[0-9a-f]+"'),
        ):
            self.assertRegex(self.etag(self.client(mode)), f'^{form}$')

    def test_none_before_2_3(self) -> None:
        for mode in versions.BY_ENDPOINT:
            client = self.client(mode)
            answer = client.call('GET', f'{running.ROOT}/Systems/1')
            self.assertNotIn('ETag', answer.headers)
            answer = client.call(
                'GET',
                f'{running.ROOT}/Systems/1',
                headers={'If-None-Match': '*'},
            )
            self.assertEqual(200, answer.status_code)

    def test_follows_the_document(self) -> None:
        for mode in MINDFUL:
            client = self.client(mode)
            seen = [self.etag(client)]
            for tag in ('a', 'b'):
                client.patch(running.SYSTEM, {'AssetTag': tag})
                seen.append(self.etag(client))
                self.assertEqual(seen[-1], self.etag(client))
            client.patch(running.SYSTEM, {'AssetTag': None})
            self.assertEqual(3, len(set(seen)))
            self.assertEqual(seen[0], self.etag(client))

    def test_of_different_documents(self) -> None:
        client = self.client('plain')
        other = f'{running.ROOT}/Systems/1-s-2'
        self.assertNotEqual(self.etag(client), self.etag(client, other))

    def test_of_a_node_that_is_given_something(self) -> None:
        version = self.useFixture(versions.Version('rsd2.4'))
        node = version.assembled()
        before = self.etag(version.client, node)
        version.attach(node, version.allowed(node)[0])
        self.assertNotEqual(before, self.etag(version.client, node))

    def test_if_none_match(self) -> None:
        for mode in ('rsd2.3', *MINDFUL):
            client = self.client(mode)
            etag = self.etag(client)
            for header in (etag, f'"x", {etag}', '*'):
                answer = self.known(client, header)
                self.assertEqual(304, answer.status_code, header)
                self.assertEqual(etag, answer.headers['ETag'])
            for header in ('"x"', 'W/"x"', 'x', etag.strip('W/"')):
                answer = self.known(client, header)
                self.assertEqual(200, answer.status_code, header)

    def test_if_match(self) -> None:
        for mode in MINDFUL:
            client = self.client(mode)
            etag = self.etag(client)
            answer = self.patched(client, etag)
            self.assertEqual(200, answer.status_code)
            now = self.etag(client)
            self.assertEqual(now, answer.headers['ETag'])
            answer = self.patched(client, etag, 'other')
            self.assertEqual(412, answer.status_code)
            self.assertEqual(
                'Base.1.0.PreconditionFailed', answer.json()['error']['code']
            )
            self.assertEqual(now, self.etag(client))

    def test_if_match_in_other_forms(self) -> None:
        client = self.client('plain')
        for form in ('{}', 'W/{}', '"x",{}', '*'):
            header = form.format(self.etag(client))
            answer = self.patched(client, header, form)
            self.assertEqual(200, answer.status_code, header)

    def test_if_match_of_a_node(self) -> None:
        client = self.client('rsd2.5')
        node = client.allocate()
        body = {'ClearTPMOnDelete': False}
        for header, status in (('"x"', 412), (self.etag(client, node), 200)):
            answer = client.call(
                'PATCH', node, json=body, headers={'If-Match': header}
            )
            self.assertEqual(status, answer.status_code)

    def test_if_match_of_what_is_not_there(self) -> None:
        client = self.client('rsd2.5')
        path = f'{running.NODES}/1'
        answer = client.call(
            'PATCH', path, json={}, headers={'If-Match': '"x"'}
        )
        self.assertEqual(404, answer.status_code)

    def test_without_if_match(self) -> None:
        for mode in MINDFUL:
            answer = self.client(mode).patch(running.SYSTEM, {'AssetTag': 'x'})
            self.assertEqual(200, answer.status_code)

    def test_not_minded_before_2_4(self) -> None:
        answer = self.patched(self.client('rsd2.3'), '"x"')
        self.assertEqual(200, answer.status_code)

    def test_of_what_is_expanded(self) -> None:
        client = self.client('rsd2.5')
        path = f'{running.ROOT}/Systems?$expand=.'
        before: Any = self.etag(client, path)
        client.patch(running.SYSTEM, {'AssetTag': 'x'})
        self.assertNotEqual(before, self.etag(client, path))
