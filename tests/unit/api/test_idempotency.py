"""Requests that are sent again with the same Idempotency-Key."""

import threading

import fixtures as fixtures_lib
import testtools

from tests.fixtures import rows
from tests.unit.api import accepted, fixtures, personas
from tests.unit.api.test_routes import Persona
from valence.api import app, idempotency
from valence.api.request import Request
from valence.db.api import Query

NODES = '/v1/nodes'
_REPLAYED = 'Idempotent-Replayed'


def key(text='k', **more):
    return {'Idempotency-Key': text, **more}


def seen(answer):
    """Give what is the same of an answer and its repetition."""
    return answer.status, answer.body, answer.headers['Location']


class _Case(testtools.TestCase):
    """:ivar house: the API, with or without those who work behind it."""

    def assert_replayed(self, first, again):
        self.assertEqual(202, again.status, again.body)
        self.assertEqual(seen(first), seen(again))
        self.assertNotIn(_REPLAYED, first.headers)
        self.assertEqual('true', again.headers[_REPLAYED])

    def assert_reused(self, answer):
        self.assertEqual(422, answer.status, answer.body)
        self.assertEqual('Idempotency key reused', answer.json['title'])

    def counts(self):
        """Count the nodes and the tasks."""
        database = self.house.database
        return (
            len(database.nodes.list(query=Query())),
            len(database.tasks.list(query=Query())),
        )


class RepeatedTest(_Case):
    """What is the same request, while nobody works on the first one."""

    def setUp(self):
        super().setUp()
        self.house = self.useFixture(fixtures.Bare())
        self.client = self.house.client

    def post(self, body=None, path=NODES, **headers):
        body = {'name': 'n', 'description': 'd'} | (body or {})
        return self.client.post(path, body, headers=key(**headers))

    def test_same_answer_and_nothing_is_done(self):
        first = self.post()
        self.assert_replayed(first, self.post())
        self.assertEqual((1, 1), self.counts())

    def test_as_often_as_one_likes(self):
        first = self.post()
        for _ in range(3):
            self.assert_replayed(first, self.post())

    def test_each_answer_has_its_own_request_id(self):
        self.assertNotEqual(self.post().request_id, self.post().request_id)

    def test_order_of_the_fields_does_not_matter(self):
        first = self.post()
        again = self.client.post(
            NODES, {'description': 'd', 'name': 'n'}, headers=key()
        )
        self.assert_replayed(first, again)

    def test_last_slash_does_not_matter(self):
        self.assert_replayed(self.post(), self.post(path=f'{NODES}/'))

    def test_preference_does_not_matter(self):
        self.assert_replayed(self.post(), self.post(Prefer='wait=1'))

    def test_another_body(self):
        self.post()
        self.assert_reused(self.post({'description': 'e'}))
        self.assertEqual((1, 1), self.counts())

    def test_another_query(self):
        self.post()
        self.assert_reused(self.post(path=f'{NODES}?deadline=60'))
        self.assertEqual((1, 1), self.counts())

    def test_another_path(self):
        one, other = (rows.add_node(self.house.database) for _ in range(2))
        path = f'{NODES}/{one.uuid}'
        self.assertEqual(202, self.client.delete(path, headers=key()).status)
        path = f'{NODES}/{other.uuid}'
        self.assert_reused(self.client.delete(path, headers=key()))
        self.assertEqual((2, 1), self.counts())

    def test_another_method(self):
        self.post()
        path = f'{NODES}/n'
        self.assert_reused(self.client.delete(path, headers=key()))
        self.assertEqual((1, 1), self.counts())

    def test_another_key_is_another_request(self):
        self.post()
        self.assertEqual(409, self.post(text='other').status)

    def test_keys_are_compared_exactly(self):
        self.post(text='k')
        for other in ('K', 'k2', '"k"'):
            self.assertEqual(409, self.post(text=other).status, other)

    def test_without_a_key_nothing_is_kept(self):
        body = {'name': 'n'}
        self.assertEqual(202, self.client.post(NODES, body).status)
        self.assertEqual(409, self.client.post(NODES, body).status)

    def test_all_routes_that_answer_202(self):
        for number, asked in enumerate(accepted.requests(self.house.database)):
            first, again = (
                self.client.call(
                    asked.method,
                    asked.path,
                    asked.body,
                    headers=key(str(number)),
                )
                for _ in range(2)
            )
            self.assert_replayed(first, again)

    def test_routes_that_make_no_task_do_not_look_at_it(self):
        body = {'name': 'f', 'properties': {}}
        statuses = [
            self.client.post('/v1/flavors', body, headers=key()).status
            for _ in range(2)
        ]
        self.assertEqual([201, 409], statuses)


class FingerprintTest(testtools.TestCase):
    """What no two routes can tell apart by themselves."""

    def fingerprint(self, **values):
        ctxt = personas.context('member', request_id='req-1')
        request = Request(
            **{
                'ctxt': ctxt,
                'query': {},
                'method': 'POST',
                'path': '/v1/nodes',
                'idempotency_key': 'k',
                **values,
            }
        )
        return idempotency.key_of(request, 'u', {}).fingerprint

    def test_method(self):
        self.assertNotEqual(
            self.fingerprint(), self.fingerprint(method='DELETE')
        )

    def test_kinds_of_values(self):
        bodies = [{'a': 1}, {'a': '1'}, {'a': True}, {'a': None}, {}, None]
        self.assertEqual(
            len(bodies), len({self.fingerprint(json=body) for body in bodies})
        )

    def test_nested_order_does_not_matter(self):
        one, other = {'a': {'b': 1, 'c': 2}}, {'a': {'c': 2, 'b': 1}}
        self.assertEqual(
            self.fingerprint(json=one), self.fingerprint(json=other)
        )

    def test_order_of_lists_matters(self):
        self.assertNotEqual(
            self.fingerprint(json={'a': [1, 2]}),
            self.fingerprint(json={'a': [2, 1]}),
        )

    def test_url_and_preference_do_not_matter(self):
        self.assertEqual(
            self.fingerprint(),
            self.fingerprint(url='http://proxy/v1/nodes', prefer_wait=5),
        )


class WrongKeyTest(_Case):
    def setUp(self):
        super().setUp()
        self.house = self.useFixture(fixtures.Bare())

    def post(self, text):
        return self.house.client.post(
            NODES, {'name': f'n{len(text)}'}, headers=key(text)
        )

    def test_refused(self):
        for text in ('', 'x' * 256, 'a\x7fb', 'a\tb', 'ä', '\xa0'):
            answer = self.post(text)
            self.assertEqual(400, answer.status, text)
            self.assertIn('Idempotency-Key must', answer.json['detail'])
        self.assertEqual((0, 0), self.counts())

    def test_shortest_and_longest(self):
        for text in ('x', '~' * 255):
            self.assertEqual(202, self.post(text).status)


class RefusedTest(_Case):
    """What was refused leaves its key for another request."""

    def setUp(self):
        super().setUp()
        self.house = self.useFixture(fixtures.Bare())
        self.client = self.house.client

    def refused(self, status, body):
        answer = self.client.post(NODES, body, headers=key())
        self.assertEqual(status, answer.status)
        self.assertNotIn(_REPLAYED, answer.headers)

    def accepted(self):
        body = {'name': 'good'}
        answer = self.client.post(NODES, body, headers=key())
        self.assertEqual(202, answer.status, answer.body)
        self.assertNotIn(_REPLAYED, answer.headers)

    def test_wrong_body(self):
        self.refused(400, {'name': ''})
        self.accepted()

    def test_wrong_deadline(self):
        answer = self.client.post(
            f'{NODES}?deadline=x', {'name': 'n'}, headers=key()
        )
        self.assertEqual(400, answer.status)
        self.accepted()

    def test_not_found(self):
        self.refused(404, {'name': 'n', 'flavor_id': 'x'})
        self.accepted()

    def test_conflict(self):
        self.client.post(NODES, {'name': 'n'})
        self.refused(409, {'name': 'n'})
        self.accepted()


class TooManyTest(_Case):
    def setUp(self):
        super().setUp()
        self.house = self.useFixture(fixtures.Bare(tasks__max_open=1))

    def post(self, name='n', text='k'):
        return self.house.client.post(NODES, {'name': name}, headers=key(text))

    def test_a_repetition_is_not_one_too_many(self):
        self.assert_replayed(self.post(), self.post())

    def test_what_is_one_too_many_leaves_no_key(self):
        self.post()
        for name in ('m', 'o'):
            self.assertEqual(429, self.post(name, 'other').status)
        self.assertEqual((1, 1), self.counts())


class ProjectsTest(_Case):
    def setUp(self):
        super().setUp()
        self.useFixture(
            fixtures_lib.MonkeyPatch(
                f'{app.__name__}.NoAuthentication', Persona
            )
        )
        self.house = self.useFixture(fixtures.Bare())

    def post(self, persona, name='n'):
        self.patch(Persona, 'current', persona)
        return self.house.client.post(NODES, {'name': name}, headers=key())

    def test_each_has_its_own_keys(self):
        mine, theirs = self.post('member'), self.post('other', 'm')
        self.assertEqual(202, theirs.status)
        self.assertNotIn(_REPLAYED, theirs.headers)
        self.assertNotEqual(mine.json['uuid'], theirs.json['uuid'])

    def test_all_of_a_project_share_them(self):
        self.assert_replayed(self.post('member'), self.post('member'))

    def test_who_may_not_ask_hears_nothing(self):
        self.post('member')
        answer = self.post('reader')
        self.assertEqual(403, answer.status)
        self.assertNotIn(_REPLAYED, answer.headers)


class AtOnceTest(_Case):
    """Requests that come while the same one is being answered."""

    def setUp(self):
        super().setUp()
        self.house = self.useFixture(fixtures.Bare())

    def at_once(self, *bodies):
        """Send requests that all see that the key is not there yet."""
        keys = self.house.database.idempotency_keys
        get, all_looked = keys.get, threading.Barrier(len(bodies))
        local = threading.local()

        def look(**more):
            found = get(**more)
            if not getattr(local, 'looked', False):
                local.looked = True
                all_looked.wait(20)
            return found

        self.patch(keys, 'get', look)
        answers = []

        def send(body):
            answers.append(self.house.client.post(NODES, body, headers=key()))

        threads = [threading.Thread(target=send, args=[b]) for b in bodies]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(len(bodies), len(answers))
        return sorted(answers, key=lambda answer: _REPLAYED in answer.headers)

    def test_one_is_accepted(self):
        first, *others = self.at_once(*[{'name': 'n'}] * 4)
        for other in others:
            self.assert_replayed(first, other)
        self.assertEqual((1, 1), self.counts())

    def test_another_request_is_refused(self):
        answers = self.at_once({'name': 'n'}, {'name': 'm'})
        statuses = sorted(answer.status for answer in answers)
        self.assertEqual([202, 422], statuses)
        self.assertEqual((1, 1), self.counts())

    def test_without_a_look_before(self):
        """As many as come, of several keys."""
        answers = []

        def send(number):
            answer = self.house.client.post(
                NODES, {'name': f'n{number}'}, headers=key(str(number))
            )
            answers.append((number, seen(answer)))

        threads = [
            threading.Thread(target=send, args=[number % 4])
            for number in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(12, len(answers))
        self.assertEqual(4, len(set(answers)))
        self.assertEqual((4, 4), self.counts())


class WorkedOnTest(_Case):
    """Repetitions of what was done meanwhile."""

    def setUp(self):
        super().setUp()
        self.house = self.valence = self.useFixture(fixtures.Valence())
        self.client = self.valence.client
        self.podm = self.valence.register()
        self.pod = self.valence.pods[0]

    def send(self, method, path, body=None, **headers):
        return self.client.call(method, path, body, headers=key(**headers))

    def done(self, *request):
        """Send a request, and wait for the end of its task."""
        answer = self.send(*request)
        self.assertEqual(202, answer.status, answer.body)
        task = self.valence.task(answer.json['task_uuid'])
        self.assertEqual('Completed', task['status'], task)
        return answer

    def assert_repeatable(self, *request):
        first = self.done(*request)
        counts = self.counts()
        self.assert_replayed(first, self.send(*request))
        self.assertEqual(counts, self.counts())

    def test_composed(self):
        self.assert_repeatable('POST', NODES, {'name': 'n'})
        self.assertEqual(['n'], self.valence.traces()['composed'])

    def test_composed_and_deleted(self):
        request = ('POST', NODES, {'name': 'n'})
        first = self.done(*request)
        self.valence.waiting('DELETE', f'{NODES}/n')
        self.assert_replayed(first, self.send(*request))
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_composed_with_a_flavor_that_is_gone(self):
        self.client.post('/v1/flavors', {'name': 'f', 'properties': {}})
        request = ('POST', NODES, {'name': 'n', 'flavor_id': 'f'})
        first = self.done(*request)
        self.client.delete('/v1/flavors/f')
        self.assert_replayed(first, self.send(*request))

    def test_deleted(self):
        self.valence.compose('n')
        self.assert_repeatable('DELETE', f'{NODES}/n')
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_deleted_and_composed_again(self):
        self.valence.compose('n')
        request = ('DELETE', f'{NODES}/n')
        first = self.done(*request)
        self.valence.compose('n')
        self.assert_replayed(first, self.send(*request))
        self.assertEqual(['n'], self.valence.traces()['composed'])

    def test_action(self):
        self.valence.compose('n')
        path = f'{NODES}/n/action'
        off = ('POST', path, {'Reset': {'Type': 'ForceOff'}})
        first = self.done(*off)
        self.valence.waiting('POST', path, {'Reset': {'Type': 'On'}})
        self.assert_replayed(first, self.send(*off))
        shown = self.client.get(f'{NODES}/n').json
        self.assertEqual('On', shown['node_power_state'])

    def test_action_on_a_node_that_is_gone(self):
        self.valence.compose('n')
        body = {'Reset': {'Type': 'ForceOff'}}
        request = ('POST', f'{NODES}/n/action', body)
        first = self.done(*request)
        self.valence.waiting('DELETE', f'{NODES}/n')
        self.assert_replayed(first, self.send(*request))

    def test_pod_manager_that_is_gone(self):
        path = f'/v1/pod_managers/{self.podm["uuid"]}'
        self.assert_repeatable('DELETE', path)

    def test_task_that_is_gone(self):
        request = ('POST', NODES, {'name': 'n'})
        first = self.done(*request)
        self.client.delete(first.headers['Location'])
        self.assert_replayed(first, self.send(*request))
        self.assertEqual(['n'], self.valence.traces()['composed'])

    def test_task_that_failed_is_not_tried_again(self):
        self.pod.set_modes(assembly='fail')
        request = ('POST', NODES, {'name': 'n'})
        first = self.send(*request)
        self.assertEqual(
            'Failed', self.valence.task(first.json['task_uuid'])['status']
        )
        self.pod.clear_modes()
        self.assert_replayed(first, self.send(*request))
        self.assertEqual(fixtures.NOTHING, self.valence.traces())

    def test_after_an_answer_that_waited(self):
        request = ('POST', NODES, {'name': 'n'})
        waited = self.send(*request, Prefer='wait=20')
        self.assertEqual(200, waited.status)
        self.assertNotIn(_REPLAYED, waited.headers)
        again = self.send(*request, Prefer='wait=20')
        self.assertEqual(202, again.status)
        self.assertEqual('true', again.headers[_REPLAYED])
        self.assertEqual(waited.json['uuid'], again.json['uuid'])
        self.assertEqual('composing', again.json['state'])
        task = self.client.get(again.headers['Location']).json
        self.assertEqual('Completed', task['status'])
        self.assertEqual(waited.json['uuid'], task['resource_uuid'])

    def test_after_an_error_that_was_waited_for(self):
        self.pod.set_modes(assembly='fail')
        request = ('POST', NODES, {'name': 'n'})
        waited = self.send(*request, Prefer='wait=20')
        self.assertEqual(409, waited.status)
        self.assertNotIn(_REPLAYED, waited.headers)
        again = self.send(*request)
        self.assertEqual(202, again.status)
        self.assertEqual('true', again.headers[_REPLAYED])
        task = self.client.get(again.headers['Location']).json
        self.assertEqual('Failed', task['status'])

    def while_it_looks(self, *request):
        """Send a request while the same one is being answered, to its end.

        The second one has seen that the key is not there yet.
        """
        keys = self.valence.database.idempotency_keys
        get, firsts, here = keys.get, [], threading.current_thread()

        def look(**more):
            found = get(**more)
            if threading.current_thread() is here and not firsts:
                # A thread holds one request at a time.
                thread = threading.Thread(
                    target=lambda: firsts.append(self.done(*request))
                )
                thread.start()
                thread.join()
            return found

        self.patch(keys, 'get', look)
        again = self.send(*request)
        return firsts[0], again

    def test_done_while_the_repetition_looks(self):
        self.valence.compose('n')
        first, again = self.while_it_looks('DELETE', f'{NODES}/n')
        self.assert_replayed(first, again)

    def test_name_taken_while_the_repetition_looks(self):
        first, again = self.while_it_looks('POST', NODES, {'name': 'n'})
        self.assert_replayed(first, again)
        self.assertEqual(['n'], self.valence.traces()['composed'])
