"""What tests can do to any pod manager, done to this kind."""

from typing import Any

import testtools

from tests.unit.simulator import running
from tests.unit.simulator.composition import composing, test_manifests
from valence.simulator import errors

NODES = '/simulator/nodes'


class AssemblyTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(composing.Composing())
        self.client = self.simulated.client

    def state(self, path: str) -> Any:
        return self.client.get(path)['Status']['State']

    def test_takes_its_time(self) -> None:
        self.client.modes(assembly_ms=composing.FOR_EVER)
        path = self.simulated.composed(PowerState='On')
        self.assertEqual('Starting', self.state(path))
        self.assertEqual('Off', self.client.get(path)['PowerState'])
        for each in composing.TRIO:
            self.assertEqual('Composing', self.simulated.state(each))

    def test_comes_to_an_end(self) -> None:
        self.client.modes(assembly_ms=1)
        path = self.simulated.composed(PowerState='On')
        running.eventually(lambda: self.state(path) != 'Starting')
        self.assertEqual('Enabled', self.state(path))
        self.assertEqual('On', self.client.get(path)['PowerState'])
        self.assertEqual('Composed', self.simulated.state('ComputeBlock1'))

    def test_what_has_to_wait(self) -> None:
        self.client.modes(assembly_ms=composing.FOR_EVER)
        path = self.simulated.composed()
        link = {'@odata.id': composing.block_path('NetworkBlock2')}
        for action, body in (
            ('Reset', {'ResetType': 'On'}),
            ('AddResourceBlock', {'ResourceBlock': link}),
            ('RemoveResourceBlock', {'ResourceBlock': link}),
        ):
            target = f'{path}/Actions/ComputerSystem.{action}'
            answer = self.client.post(target, body)
            self.assertEqual(409, answer.status_code, action)

    def test_taken_apart_meanwhile(self) -> None:
        self.client.modes(assembly_ms=composing.FOR_EVER)
        path = self.simulated.composed()
        (system,) = self.simulated.pod.composition.systems.values()
        timer = system.timer
        self.assertEqual(204, self.client.delete(path).status_code)
        self.assertTrue(timer.cancelled())
        self.assertEqual('Unused', self.simulated.state('ComputeBlock1'))

    def test_fails(self) -> None:
        self.client.modes(assembly='fail')
        path = self.simulated.composed()
        status = self.client.get(path)['Status']
        self.assertEqual('UnavailableOffline', status['State'])
        self.assertEqual('Critical', status['Health'])
        self.assertEqual('Failed', self.simulated.state('ComputeBlock1'))
        self.assertEqual(204, self.client.delete(path).status_code)

    def test_stop_in_the_middle(self) -> None:
        self.client.modes(assembly_ms=composing.FOR_EVER)
        self.simulated.composed()
        (system,) = self.simulated.pod.composition.systems.values()
        timer = system.timer
        self.simulated.simulator.stop()
        self.assertTrue(timer.cancelled())


class ControlTest(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(composing.Composing())
        self.client = self.simulated.client

    def test_stats(self) -> None:
        path = self.simulated.composed(Description='tag')
        stats = self.client.stats()
        self.assertEqual(4, stats['systems'])
        self.assertEqual(3, stats['free_systems'])
        own_id = path.rpartition('/')[2]
        self.assertEqual(
            [{'description': 'tag', 'id': own_id, 'deleted': False}],
            stats['made'],
        )
        (node,) = stats['nodes']
        self.assertEqual(
            (own_id, 'n', 'tag', 'Enabled', path),
            tuple(
                node[each]
                for each in ('id', 'name', 'description', 'state', 'system')
            ),
        )
        self.assertEqual(1, stats['calls']['compose'])

    def test_made_stays(self) -> None:
        for _ in range(2):
            self.client.delete(self.simulated.composed(Description='tag'))
        made = self.client.stats()['made']
        self.assertEqual(
            [('tag', True)] * 2,
            [(each['description'], each['deleted']) for each in made],
        )

    def test_appears(self) -> None:
        answer = self.client.post(NODES, {'description': 'd', 'name': 'n'})
        self.assertEqual(201, answer.status_code)
        (member,) = self.client.get(composing.SYSTEMS)['Members']
        system = self.client.get(member['@odata.id'])
        self.assertEqual(answer.json()['id'], system['Id'])
        self.assertEqual(('d', 'n'), (system['Description'], system['Name']))
        self.assertEqual('Enabled', system['Status']['State'])
        self.assertEqual(
            composing.links(composing.TRIO), system['Links']['ResourceBlocks']
        )
        self.assertEqual([], self.client.stats()['made'])

    def test_appears_as_long_as_there_are_blocks(self) -> None:
        for _ in range(4):
            self.simulated.pod.appear('d')
        self.assertEqual(409, self.client.post(NODES, {}).status_code)
        self.assertRaises(errors.RedfishError, self.simulated.pod.appear, 'd')

    def test_vanishes(self) -> None:
        path = self.simulated.composed()
        own_id = path.rpartition('/')[2]
        answer = self.client.delete(f'{NODES}/{own_id}')
        self.assertEqual(204, answer.status_code)
        self.assertEqual(404, self.client.call('GET', path).status_code)
        self.assertTrue(self.client.stats()['made'][0]['deleted'])
        self.assertEqual('Unused', self.simulated.state('ComputeBlock1'))
        answer = self.client.delete(f'{NODES}/{own_id}')
        self.assertEqual(404, answer.status_code)


class AcceptTest(testtools.TestCase):
    """Operations that are accepted, and happen later."""

    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(composing.Composing())
        self.client = self.simulated.client

    def ended(self, number: int, client: running.Client | None = None) -> Any:
        """Return the monitor's answer after the end."""
        client = client or self.client
        path = f'{running.TASKS}/{number}'
        running.eventually(lambda: client.get(path)['TaskState'] != 'Running')
        return client.call('GET', f'{path}/Monitor')

    def test_compose(self) -> None:
        self.client.modes(accept={'ms': composing.FOR_EVER})
        answer = self.simulated.compose()
        self.assertEqual(202, answer.status_code)
        monitor = f'{running.TASKS}/1/Monitor'
        self.assertEqual(monitor, answer.headers['Location'])
        self.assertEqual([], self.client.stats()['made'])
        self.assertEqual('Unused', self.simulated.state('ComputeBlock1'))

    def test_compose_ends(self) -> None:
        self.client.modes(accept={'ms': 0})
        self.simulated.compose(Description='tag')
        answer = self.ended(1)
        self.assertEqual(201, answer.status_code)
        system = self.client.get(answer.headers['Location'])
        self.assertEqual('tag', system['Description'])

    def test_refused_at_once(self) -> None:
        self.simulated.composed()
        self.client.modes(accept={})
        self.assertEqual(409, self.simulated.compose().status_code)
        self.assertEqual(400, self.simulated.compose([]).status_code)
        path = f'{composing.SYSTEMS}/ComposedSystem9'
        self.assertEqual(404, self.client.delete(path).status_code)
        self.assertEqual(0, self.client.stats()['redfish_tasks'])

    def test_the_other_operations(self) -> None:
        path = self.simulated.composed()
        self.client.modes(accept={'ms': 0})
        target = f'{path}/Actions/ComputerSystem'
        link = {'@odata.id': composing.block_path('NetworkBlock2')}
        for number, (method, where, body) in enumerate(
            (
                ('POST', f'{target}.Reset', {'ResetType': 'On'}),
                (
                    'POST',
                    f'{target}.AddResourceBlock',
                    {'ResourceBlock': link},
                ),
                (
                    'POST',
                    f'{target}.RemoveResourceBlock',
                    {'ResourceBlock': link},
                ),
                ('DELETE', path, None),
            ),
            1,
        ):
            answer = self.client.call(method, where, json=body)
            self.assertEqual(202, answer.status_code, where)
            self.assertEqual(204, self.ended(number).status_code, where)
        self.assertEqual([], self.client.stats()['nodes'])

    def test_manifest(self) -> None:
        client = self.useFixture(
            composing.Composing('composition-manifest')
        ).client
        client.modes(accept={'ms': 0})
        body = {
            'RequestFormat': 'Manifest',
            'RequestType': 'Apply',
            'Manifest': {'Stanzas': [test_manifests.making()]},
        }
        answer = client.post(composing.COMPOSE, body)
        self.assertEqual(202, answer.status_code)
        done = self.ended(1, client)
        self.assertEqual(200, done.status_code)
        self.assertEqual(1, len(client.stats()['made']))

    def test_acts_though_the_answer_is_dropped(self) -> None:
        self.client.modes(drop=True)
        body = composing.named(Description='tag')
        self.assertTrue(self.client.is_reset('POST', composing.SYSTEMS, body))
        (made,) = self.client.stats()['made']
        self.assertEqual('tag', made['description'])

    def test_not_acted_upon(self) -> None:
        self.client.modes(status=503)
        self.assertEqual(503, self.simulated.compose().status_code)
        self.assertEqual([], self.client.stats()['made'])
