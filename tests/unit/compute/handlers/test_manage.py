"""Nodes that are at a pod manager already, and come to be ours."""

import threading

import fixtures
import orjson
import testtools

from tests.fixtures import rows
from tests.unit.compute import living, meddling
from tests.unit.compute.adopting import Adopting
from valence.compute.handlers import manage
from valence.db.api import LeaseLost
from valence.objects.node import node_tag
from valence.simulator import exchange

_TAKE = 'valence.compute.handlers.manage.Manage._take'


class ManageTest(Adopting, testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(living.Living(systems=4))
        self.pod = self.living.pod

    def test_by_index(self):
        index = self.pod.appear('of somebody', 'db-7')
        node = self.adopted(node_index=index)
        live = self.living.make_pool().get(self.living.podm).compute
        found = live.get_node(node.resource_url)
        self.assertEqual(
            ('db-7', index, 'composed', 'here', None, None),
            (
                node.name,
                node.index,
                node.state,
                node.host,
                node.task_uuid,
                node.tag_uuid,
            ),
        )
        self.assertEqual(found.url, node.resource_url)
        self.assertEqual(found.system_url, node.system_url)
        pointer = self.living.database.resources.get(uuid=node.resource_uuid)
        self.assertEqual('ComposedNode', pointer.resource_type)

    def test_by_url(self):
        index = self.pod.appear('')
        url = f'/redfish/v1/Nodes/{index}'
        node = self.adopted(resource_url=f'{url.lower()}/', name='mine')
        self.assertEqual((url, 'mine'), (node.resource_url, node.name))

    def test_nothing_is_changed_there(self):
        index = self.pod.appear('')
        seen = meddling.record(self.pod)
        self.adopted(node_index=index)
        self.assertEqual([], [each for each in seen if 'GET' not in each])

    def test_same_index_elsewhere_is_another_node(self):
        self.living = self.useFixture(living.Living(pods=2))
        numbers = [pod.appear('') for pod in self.living.simulator.pods]
        self.assertEqual(numbers[0], numbers[1])
        nodes = [
            self.adopted(podm=podm, node_index=numbers[0], name=podm.name)
            for podm in self.living.podms
        ]
        self.assertNotEqual(nodes[0].resource_uuid, nodes[1].resource_uuid)

    def test_name_that_is_none_of_ours(self):
        for name, then in (('a/b', None), ('x' * 256, None), ('tab\t', None)):
            index = self.pod.appear('', name)
            node = self.adopted(node_index=index)
            self.assertEqual(then or index, node.name)

    def test_name_that_is_taken(self):
        rows.add_node(self.living.database, name='web')
        index = self.pod.appear('', 'web')
        detail = self.refused('Resource Already Exists', node_index=index)
        self.assertIn('choose another name', detail)
        self.adopted(node_index=index, name='web-2')

    def test_not_there(self):
        self.pod.appear('')
        for request in (
            {'node_index': '77'},
            {'resource_url': '/redfish/v1/Systems/1'},
        ):
            detail = self.refused('Resource could not be found', **request)
            self.assertIn('not found at Pod Manager', detail)

    def test_index_of_two(self):
        index = self.pod.appear('')
        self.pod.appear('')
        url = f'/redfish/v1/Nodes/{index}'

        def same(call, reply):
            found = orjson.loads(reply.content())
            for each in (found, *found.get('Members', ())):
                if '/Nodes/' in each['@odata.id']:
                    each['Id'] = 'same'
            return exchange.Reply(document=found)

        meddling.meddle(self.pod, after=same)
        detail = self.refused('Conflict', node_index='same')
        self.assertIn('give its resource_url', detail)
        self.assertEqual(url, self.adopted(node_index=index).resource_url)

    def test_ours_already(self):
        node = self.living.composed()
        words = 'already managed by Valence'
        for request in (
            {'node_index': node.index},
            {'resource_url': node.resource_url},
        ):
            self.assertIn(
                words, self.refused('Resource Already Exists', **request)
            )
        adopted = self.adopted(node_index=self.pod.appear(''))
        detail = self.refused(
            'Resource Already Exists', node_index=adopted.index
        )
        self.assertIn(words, detail)

    def test_being_composed(self):
        self.pod.set_modes(assembly_ms=600_000)
        uuid, task_uuid = self.living.begin_node(podm=self.living.podm)
        self.living.wait_for_memo(task_uuid, 'node_url')
        (index,) = self.pod.nodes
        detail = self.refused('Resource Already Exists', node_index=index)
        self.assertIn('already managed', detail)
        self.assertEqual('composing', self.living.node(uuid).state)

    def test_made_twice_for_a_node_of_ours(self):
        node = self.living.composed()
        index = self.pod.appear(node_tag(node.uuid))
        self.refused('Resource Already Exists', node_index=index)

    def test_left_of_a_node_that_was_deleted(self):
        node = self.living.composed()
        self.living.database.nodes.delete(uuid=node.uuid)
        detail = self.refused('Conflict', node_index=node.index)
        self.assertIn('the next sync takes it apart', detail)
        self.assertEqual([('orphan', node.uuid, True)], self.findings())

    def test_not_assembled(self):
        index = self.pod.appear('')
        for state in ('Allocated', 'Assembling', 'Failed'):
            self.pod.nodes[index].state = state
            detail = self.refused('Conflict', node_index=index)
            self.assertIn(f'it is {state}, and only', detail)

    def test_gone_just_after_it_was_made_ours(self):
        index = self.pod.appear('')
        take = manage.Manage._take

        def take_and_lose(*args):
            take(*args)
            self.pod.forget(index)

        self.patch(manage.Manage, '_take', take_and_lose)
        self.refused('Refused by the pod manager', node_index=index)

    def test_pod_manager_is_away(self):
        index = self.pod.appear('')
        self.pod.set_modes(away=True)
        self.refused('Pod manager unreachable', node_index=index)

    def test_pod_manager_does_not_compose(self):
        self.living = self.useFixture(living.Living(mode='plain'))
        detail = self.refused('Unsupported action', node_index='1')
        self.assertIn('Composing nodes is not supported', detail)

    def test_cancelled(self):
        index = self.pod.appear('')
        _uuid, task_uuid = self.begin(node_index=index)
        self.living.database.tasks.cancel(uuid=task_uuid)
        self.assertEqual('cancelled', self.living.finish(task_uuid).state)
        self.assertEqual([], self.living.nodes())
        self.assertEqual([index], [*self.pod.nodes])

    def test_two_at_once(self):
        index = self.pod.appear('')
        asked = [self.begin(node_index=index) for _ in range(2)]
        check, together = manage.Manage._check_nobodys, threading.Barrier(2)

        def check_together(*args):
            check(*args)
            together.wait(20)

        self.patch(manage.Manage, '_check_nobodys', check_together)
        self.living.work_until(
            lambda: all(self.living.get(task).ended for _uuid, task in asked)
        )
        ended = {self.living.get(task).state: uuid for uuid, task in asked}
        self.assertEqual({'completed', 'failed'}, ended.keys())
        self.assertEqual(
            [ended['completed']], [node.uuid for node in self.living.nodes()]
        )

    def test_taken_over(self):
        index = self.pod.appear('')
        uuid, task_uuid = self.begin(node_index=index)
        self.living.die()
        task = self.living.finish(task_uuid)
        self.assertEqual('completed', task.state, task)
        self.assertEqual([uuid], [node.uuid for node in self.living.nodes()])

    def test_taken_over_after_it_was_made_ours(self):
        index = self.pod.appear('')
        uuid, task_uuid = self.begin(node_index=index)
        take = manage.Manage._take

        def take_and_die(*args):
            take(*args)
            raise LeaseLost

        with fixtures.MonkeyPatch(_TAKE, take_and_die):
            (task,) = rows.claim(self.living.database, lease=30)
            _run, thread = self.living.turn_on(task)
            thread.join()
        self.assertEqual(
            ('adopting', f'/redfish/v1/Nodes/{index}'),
            (
                self.living.node(uuid).state,
                self.living.node(uuid).resource_url,
            ),
        )
        self.living.database.tasks.release(owner=task.owner, uuids=[task_uuid])
        ended = self.living.finish(task_uuid)
        self.assertEqual(('completed', 2), (ended.state, ended.attempt))
        self.assertEqual('composed', self.living.node(uuid).state)

    def test_nobody_writes_after_another_one_took_over(self):
        index = self.pod.appear('')
        _uuid, task_uuid = self.begin(node_index=index)
        stale = self.living.die()
        self.living.finish(task_uuid)
        before = self.living.nodes()
        _run, thread = self.living.turn_on(stale)
        thread.join()
        self.assertEqual(before, self.living.nodes())
