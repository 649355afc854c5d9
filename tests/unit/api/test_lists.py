import re

import testtools

from tests.unit.api import fixtures
from valence.common.states import NodeState, TaskState
from valence.db.api import Lease
from valence.objects.task import NewTask

_NEXT = re.compile(r'^<(http://[^>]+)>; rel="next"$')


class ListsTest(testtools.TestCase):
    """Pages, order and fields, by the list of flavors."""

    def setUp(self):
        super().setUp()
        self.valence = self.useFixture(fixtures.Valence(api__max_limit=4))
        self.client = self.valence.client
        for name in 'gcaebdf':
            body = {'name': name, 'properties': {}}
            self.client.post('/v1/flavors', body)

    def names(self, query=''):
        return _names(self.client.get(f'/v1/flavors{query}'))

    def detail(self, query):
        answer = self.client.get(f'/v1/flavors{query}')
        self.assertEqual(400, answer.status)
        return answer.json['detail']

    def test_a_bare_array(self):
        self.assertIsInstance(self.client.get('/v1/flavors').json, list)

    def test_limit(self):
        self.assertEqual(['g', 'c'], self.names('?limit=2'))

    def test_limit_is_capped(self):
        for limit in ('4', '5', '1' + '0' * 30, '9' * 5000):
            self.assertEqual(
                ['g', 'c', 'a', 'e'], self.names(f'?limit={limit}')
            )

    def test_no_limit_is_the_cap(self):
        self.assertEqual(['g', 'c', 'a', 'e'], self.names())

    def test_wrong_limit(self):
        for limit in ('0', '00', '-1', 'x', '1.5', '', '%d9%a3', '%c2%b2'):
            self.assertIn('limit must be', self.detail(f'?limit={limit}'))

    def test_next_is_followed_to_the_end(self):
        for order in ('', '&sort_key=name', '&sort_key=name&sort_dir=desc'):
            found, path = [], f'/v1/flavors?limit=3{order}'
            while path:
                answer = self.client.get(path)
                found.append(''.join(_names(answer)))
                path = _next(answer)
            expected = ['gca', 'ebd', 'f']
            if order:
                expected = ['abc', 'def', 'g']
            if 'desc' in order:
                expected = ['gfe', 'dcb', 'a']
            self.assertEqual(expected, found)

    def test_next_of_a_last_page_that_is_full(self):
        answer = self.client.get('/v1/flavors?limit=4')
        answer = self.client.get(_next(answer))
        self.assertEqual(['b', 'd', 'f'], _names(answer))
        self.assertIsNone(_next(answer))

    def test_next_keeps_what_was_asked(self):
        path = '/v1/flavors?name=g&limit=1&fields=uuid,name'
        following = _next(self.client.get(path))
        for part in ('name=g', 'limit=1', 'fields=uuid%2Cname', 'marker='):
            self.assertIn(part, following)

    def test_pages_while_others_delete_and_add(self):
        answer = self.client.get('/v1/flavors?limit=2')
        self.client.delete('/v1/flavors/g')
        self.client.post('/v1/flavors', {'name': 'z', 'properties': {}})
        answer = self.client.get(_next(answer))
        self.assertEqual(['a', 'e'], _names(answer))

    def test_unknown_marker(self):
        self.assertIn('marker x is unknown', self.detail('?marker=x'))

    def test_order(self):
        self.assertEqual(['a', 'b', 'c', 'd'], self.names('?sort_key=name'))
        self.assertEqual(['f', 'd', 'b', 'e'], self.names('?sort_dir=desc'))

    def test_wrong_order(self):
        self.assertEqual(
            'sort_key must be one of created_at, name.',
            self.detail('?sort_key=id'),
        )
        self.assertEqual(
            'sort_dir must be one of asc, desc.', self.detail('?sort_dir=up')
        )

    def test_fields(self):
        answer = self.client.get('/v1/flavors?limit=1&fields=name,description')
        self.assertEqual([{'name': 'g', 'description': ''}], answer.json)

    def test_unknown_field(self):
        detail = self.detail('?fields=name,colour')
        self.assertIn('Unknown field colour; known: created_at, ', detail)

    def test_filter(self):
        self.assertEqual(['a'], self.names('?name=a'))
        self.assertEqual([], self.names('?name=A'))

    def test_unknown_filter(self):
        self.assertEqual(
            'Unknown filter colour; known: fields, limit, marker, name, '
            'sort_dir, sort_key.',
            self.detail('?colour=red'),
        )

    def test_body(self):
        answer = self.client.get(
            '/v1/flavors', body={'sort_key': 'name', 'limit': 2}
        )
        self.assertEqual(['a', 'b'], _names(answer))
        answer = self.client.get('/v1/flavors', body={'name': 'a'})
        self.assertEqual(['a'], _names(answer))

    def test_fields_in_the_body(self):
        answer = self.client.get(
            '/v1/flavors', body={'fields': 'name', 'limit': 1}
        )
        self.assertEqual([{'name': 'g'}], answer.json)

    def test_the_query_goes_before_the_body(self):
        answer = self.client.get('/v1/flavors?name=b', body={'name': 'a'})
        self.assertEqual(['b'], _names(answer))

    def test_wrong_body(self):
        for value in ([], {}, None, ['a']):
            answer = self.client.get('/v1/flavors', body={'name': value})
            self.assertEqual(400, answer.status)
            self.assertIn('name must be', answer.json['detail'])
        answer = self.client.get('/v1/flavors', body={'colour': 1})
        self.assertIn('Unknown filter colour', answer.json['detail'])

    def test_scalars_of_a_body(self):
        for value, name in ((True, 'true'), (1, '1'), (1.5, '1.5')):
            self.client.post('/v1/flavors', {'name': name, 'properties': {}})
            answer = self.client.get('/v1/flavors', body={'name': value})
            self.assertEqual([name], _names(answer))


class CollectionsTest(testtools.TestCase):
    """What is known of each collection."""

    def test_known_ones_are_named_and_work(self):
        client = self.useFixture(fixtures.Valence()).client
        for name in (
            'flavors',
            'nodes',
            'pod_managers',
            'services',
            'systems',
            'tasks',
        ):
            path = f'/v1/{name}'
            detail = client.get(f'{path}?x=y').json['detail']
            for parameter in detail.rstrip('.').split('known: ')[1].split(','):
                query = f'{parameter.strip()}=1'
                answer = client.get(f'{path}?{query}')
                if answer.status == 400:
                    self.assertIn(
                        parameter.strip(),
                        ('marker', 'sort_dir', 'sort_key', 'status', 'fields'),
                        answer.json,
                    )
                else:
                    self.assertEqual(200, answer.status, query)
            detail = client.get(f'{path}?sort_key=x').json['detail']
            for key in detail.rstrip('.').split('one of ')[1].split(', '):
                answer = client.get(f'{path}?sort_key={key}')
                self.assertEqual(200, answer.status, key)


class TasksTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.bare = self.useFixture(fixtures.Bare())
        self.tasks = self.bare.database.tasks
        for number, state in enumerate(
            ('completed', 'failed', 'running', 'waiting', 'pending')
        ):
            self._create(number, TaskState(state))

    def _create(self, number, state):
        """Bring a task to a state, in the ways that a worker has."""
        uuid = f'00000000-0000-0000-0000-00000000000{number}'
        self.tasks.create(
            task=NewTask(
                uuid=uuid,
                action=f'action-{state}',
                topic='t',
                request={},
                podm_id=f'podm-{number}',
                resource_type='node',
                resource_uuid=f'node-{number}',
                project_id=f'project-{number}',
            )
        )
        if state == TaskState.PENDING:
            return
        (task,) = self.tasks.claim(
            topic='t', owner='me', lease=60, limit=1, most_long=1
        ).tasks
        lease = Lease(uuid, 'me', task.attempt)
        if state == TaskState.WAITING:
            self.tasks.wait(lease=lease, delay=60, values={})
        elif state != TaskState.RUNNING:
            self.tasks.finish(lease=lease, state=state, message='')

    def states(self, query):
        answer = self.bare.client.get(f'/v1/tasks?{query}')
        self.assertEqual(200, answer.status, answer.body)
        return {task['state'] for task in answer.json}

    def test_status(self):
        self.assertEqual({'completed'}, self.states('status=Completed'))
        self.assertEqual({'failed'}, self.states('status=Failed'))
        self.assertEqual(set(), self.states('status=Cancelled'))
        for query in ('status=In%20Progress', 'status=In+Progress'):
            self.assertEqual(
                {'running', 'waiting', 'pending'}, self.states(query)
            )

    def test_status_and_state(self):
        self.assertEqual(
            {'waiting'}, self.states('status=In+Progress&state=waiting')
        )
        self.assertEqual(set(), self.states('status=Failed&state=waiting'))

    def test_unknown_status(self):
        answer = self.bare.client.get('/v1/tasks?status=failed')
        self.assertEqual(
            'status must be one of In Progress, Completed, Failed, Cancelled.',
            answer.json['detail'],
        )

    def test_others(self):
        for query in (
            'state=failed',
            'action=action-failed',
            'podm_id=podm-1',
            'resource_uuid=node-1',
            'resource_type=node&project_id=project-1',
        ):
            self.assertEqual({'failed'}, self.states(query))

    def test_in_pages(self):
        answer = self.bare.client.get('/v1/tasks?status=In+Progress&limit=2')
        self.assertEqual(2, len(answer.json))
        answer = self.bare.client.get(_next(answer))
        self.assertEqual(1, len(answer.json))
        self.assertIsNone(_next(answer))


class NodesTest(testtools.TestCase):
    def test_filters(self):
        valence = self.useFixture(fixtures.Valence())
        for number, state in enumerate(NodeState):
            valence.database.nodes.create(
                values={
                    'uuid': f'uuid-{number}',
                    'name': f'name-{number}',
                    'podm_id': f'podm-{number}',
                    'description': '',
                    'requirements': {},
                    'project_id': '',
                    'state': state,
                    'managed_by': f'manager-{number}',
                }
            )
        for query in (
            'uuid=uuid-1',
            'name=name-1',
            'podm_id=podm-1',
            f'state={list(NodeState)[1]}',
            'managed_by=manager-1',
        ):
            answer = valence.client.get(f'/v1/nodes?{query}')
            self.assertEqual(['name-1'], _names(answer), query)


def _names(answer):
    assert answer.status == 200, answer.body
    return [item['name'] for item in answer.json]


def _next(answer):
    link = answer.headers.get('Link')
    return link and _NEXT.match(link)[1]
