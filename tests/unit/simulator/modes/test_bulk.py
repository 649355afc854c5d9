"""Answers of more than a client can take."""

import contextlib
import gzip
from typing import Any

import requests
import testtools

from tests.unit.simulator import running
from valence.simulator.modes import bulk

SYSTEMS = f'{running.ROOT}/Systems'


class BulkTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.running = self.useFixture(running.Running(systems=2))
        self.client = self.running.client
        self.system = self.client.get(running.SYSTEM)

    def bulk(self, kind: str, path: str = running.SYSTEM) -> Any:
        self.client.modes(bulk=kind).raise_for_status()
        return self.client.call('GET', path)

    def page(self, link: str) -> tuple[list[str], str]:
        document = self.client.get(link)
        members = [each['@odata.id'] for each in document['Members']]
        return members, document['Members@odata.nextLink']

    def test_huge(self) -> None:
        answer = self.bulk('huge')
        self.assertNotIn('Content-Length', answer.headers)
        self.assertEqual('chunked', answer.headers['Transfer-Encoding'])
        self.assertGreater(len(answer.content), 16 * 1024 * 1024)
        self.assertEqual(self.system, answer.json())

    def test_huge_and_nobody_listens(self) -> None:
        self.client.modes(bulk='huge')
        with self.client.send('GET', running.SYSTEM) as sock:
            self.assertTrue(sock.recv(1))
        self.client.modes(bulk=False)
        self.assertEqual(self.system, self.client.get(running.SYSTEM))

    def test_bomb(self) -> None:
        self.client.modes(bulk='bomb')
        answer = self.client.call('GET', running.SYSTEM, stream=True)
        self.addCleanup(answer.close)
        packed = answer.raw.read(decode_content=False)
        self.assertLess(len(packed), 256 * 1024)
        self.assertGreater(len(gzip.decompress(packed)), bulk.BOMB_BYTES)

    def test_deep(self) -> None:
        text = self.bulk('deep').text
        self.assertGreaterEqual(text.count('{"Deep":'), 100_000)
        self.assertEqual(text.count('{'), text.count('}'))

    def test_wide(self) -> None:
        document = self.bulk('wide', SYSTEMS).json()
        self.assertEqual(100_000, len(document['Members']))
        self.assertEqual(100_000, document['Members@odata.count'])

    def test_endless(self) -> None:
        self.client.modes(bulk='endless')
        seen: list[str] = []
        links = [SYSTEMS]
        for _ in range(20):
            members, following = self.page(links[-1])
            seen += members
            links.append(following)
        self.assertEqual(200, len(set(seen)))
        self.assertEqual(21, len(set(links)))

    def test_empty_pages(self) -> None:
        self.client.modes(bulk='empty_pages')
        links = [SYSTEMS]
        for _ in range(20):
            members, following = self.page(links[-1])
            self.assertEqual([], members)
            links.append(following)
        self.assertEqual(21, len(set(links)))

    def test_cyclic(self) -> None:
        self.client.modes(bulk='cyclic')
        first, following = self.page(SYSTEMS)
        second, back = self.page(following)
        self.assertNotEqual(SYSTEMS, following)
        self.assertEqual(SYSTEMS, back)
        self.assertEqual(20, len({*first, *second}))

    def test_page_that_is_none(self) -> None:
        self.client.modes(bulk='endless')
        _, following = self.page(f'{SYSTEMS}?page=some')
        self.assertEqual(f'{SYSTEMS}?page=1', following)

    def test_only_collections_have_pages(self) -> None:
        for kind in ('wide', 'endless', 'empty_pages', 'cyclic'):
            self.assertEqual(self.system, self.bulk(kind).json())

    def test_headers(self) -> None:
        error = self.assertRaises(
            requests.ConnectionError, self.bulk, 'headers'
        )
        self.assertIn('headers', str(error))

    def test_headers_go_on(self) -> None:
        self.client.modes(bulk='headers')
        with self.client.send('GET', running.SYSTEM) as sock:
            received = 0
            while received < 4 * 1024 * 1024:
                part = sock.recv(65536)
                self.assertTrue(part)
                self.assertNotIn(b'\r\n\r\n', part)
                received += len(part)
        self.client.modes(bulk=False)
        self.client.get(running.SYSTEM)

    def test_stop_while_headers_go_on(self) -> None:
        self.client.modes(bulk='headers')
        with self.client.send('GET', running.SYSTEM) as sock:
            self.assertTrue(sock.recv(1))
            self.running.simulator.stop()
            # Were it not to end, this would time out.
            with contextlib.suppress(ConnectionError):
                while sock.recv(65536):
                    pass

    def test_together_with_garbage(self) -> None:
        self.client.modes(garble='truncated')
        cut = self.client.call('GET', SYSTEMS).content
        for kind in ('wide', 'endless', 'empty_pages', 'cyclic'):
            self.assertEqual(cut, self.bulk(kind, SYSTEMS).content)

    def test_other_answers_are_good(self) -> None:
        for kind in ('huge', 'headers', 'deep', 'bomb'):
            self.client.modes(bulk=kind)
            self.assertEqual(201, self.client.login().status_code)
            missing = self.client.call('GET', f'{running.NODES}/7')
            self.assertIn('error', missing.json())
            body = {'AssetTag': 'tag'}
            patched = self.client.patch(running.SYSTEM, body)
            self.assertLess(len(patched.content), 10_000)
