"""What is put inline, and how deep."""

from typing import Any

import testtools

from tests.unit.simulator import running, test_walk
from valence.simulator import errors, expand

SIX_LEVELS = ('plain', 'rsd2.5')


class LevelsTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.client = self.useFixture(
            running.Running(mode='rsd2.5', systems=2)
        ).client

    def expanded(self, path: str, value: str) -> Any:
        return self.client.get(path, params={'$expand': value})

    def inline(self, document: Any, levels: int) -> Any:
        """Return a document as it should be, made of single ones."""
        if isinstance(document, list):
            return [self.inline(each, levels) for each in document]
        if not isinstance(document, dict):
            return document
        if set(document) == {'@odata.id'}:
            if not levels:
                return document
            path = document['@odata.id']
            return self.inline(self.client.get(path), levels - 1)
        return {
            name: each if name == 'Links' else self.inline(each, levels)
            for name, each in document.items()
        }

    def test_advertised(self) -> None:
        for mode in SIX_LEVELS:
            client = self.useFixture(running.Running(mode=mode)).client
            features = client.get(running.ROOT)['ProtocolFeaturesSupported']
            self.assertEqual(
                {
                    'ExpandAll': True,
                    'Levels': True,
                    'Links': True,
                    'MaxLevels': 6,
                    'NoLinks': True,
                },
                features['ExpandQuery'],
            )

    def test_each_level(self) -> None:
        path = f'{running.ROOT}/Systems'
        single = self.client.get(path)
        for levels in range(1, 5):
            self.assertEqual(
                self.inline(single, levels),
                self.expanded(path, f'.($levels={levels})'),
            )

    def test_one_level_is_usual(self) -> None:
        path = f'{running.ROOT}/Systems'
        self.assertEqual(
            self.expanded(path, '.($levels=1)'), self.expanded(path, '.')
        )

    def test_from_the_root(self) -> None:
        root = self.expanded(running.ROOT, '.($levels=6)')
        system = root['Systems']['Members'][0]
        self.assertIn('TotalCores', system['Processors']['Members'][0])
        self.assertEqual({'@odata.id'}, set(root['Links']['Sessions']))

    def test_the_root_is_open_but_not_what_is_in_it(self) -> None:
        self.client.session.auth = None
        self.client.get(running.ROOT)
        for query in ('$expand=.', '%24expand=.'):
            answer = self.client.call('GET', f'{running.ROOT}?{query}')
            self.assertEqual(401, answer.status_code)

    def test_links_only(self) -> None:
        system = self.expanded(running.SYSTEM, '~')
        self.assertEqual('Sled', system['Links']['Chassis'][0]['Name'])
        self.assertEqual({'@odata.id'}, set(system['Processors']))
        systems = self.expanded(f'{running.ROOT}/Systems', '~')
        self.assertEqual({'@odata.id'}, set(systems['Members'][0]))

    def test_nothing_is_inside_of_itself(self) -> None:
        system = self.expanded(running.SYSTEM, '*($levels=3)')
        (sled,) = system['Links']['Chassis']
        self.assertEqual(
            [{'@odata.id': running.SYSTEM}], sled['Links']['ComputerSystems']
        )
        drawer = sled['Links']['ContainedBy']
        self.assertEqual('Drawer', drawer['ChassisType'])
        self.assertEqual(
            {'@odata.id': sled['@odata.id']}, drawer['Links']['Contains'][0]
        )
        other = drawer['Links']['Contains'][1]
        self.assertEqual('Sled', other['Name'])

    def test_refused(self) -> None:
        for query in (
            '$expand=.($levels=7)',
            '$expand=.($levels=0)',
            '$expand=.($levels=x)',
            '$expand=.($level=1)',
            '$expand=..',
        ):
            answer = self.client.call('GET', f'{running.SYSTEM}?{query}')
            self.assertEqual(400, answer.status_code, query)

    def test_all_of_many_systems(self) -> None:
        client = self.useFixture(
            running.Running(mode='plain', systems=1000)
        ).client
        path = f'{running.ROOT}/Systems'
        found = client.get(
            path, params={'$expand': '.($levels=3)'}, timeout=60
        )
        self.assertEqual(1000, len(found['Members']))
        inside = test_walk.links(found['Members'])
        self.assertGreater(len(set(inside)), 16_000)


class WithoutTest(testtools.TestCase):
    def test_not_understood(self) -> None:
        for mode in ('rsd2.1', 'rsd2.2'):
            client = self.useFixture(running.Running(mode=mode)).client
            root = client.get(running.ROOT)
            self.assertNotIn('ProtocolFeaturesSupported', root)
            path = f'{running.ROOT}/Systems'
            for query, status in (
                ('$expand=.', 501),
                ('$expand=.($levels=1)', 501),
                ('only', 200),
            ):
                answer = client.call('GET', f'{path}?{query}')
                self.assertEqual(status, answer.status_code, (mode, query))

    def test_one_level(self) -> None:
        for mode in ('rsd2.3', 'rsd2.4'):
            client = self.useFixture(running.Running(mode=mode)).client
            path = f'{running.ROOT}/Managers'
            for levels, status in ((1, 200), (2, 400)):
                answer = client.call(
                    'GET', f'{path}?$expand=.($levels={levels})'
                )
                self.assertEqual(status, answer.status_code)


class MuchTest(testtools.TestCase):
    def test_too_much(self) -> None:
        made = []

        def read(path: str) -> Any:
            made.append(path)
            below = [{'@odata.id': f'{path}/{n}'} for n in range(10)]
            return {'@odata.id': path, 'Members': below}

        error = self.assertRaises(
            errors.RedfishError,
            expand.expand,
            read('/x'),
            expand.Wanted('.', 6),
            read,
        )
        self.assertEqual(507, error.status)
        self.assertEqual(expand.MOST_RESOURCES + 1, len(made))
