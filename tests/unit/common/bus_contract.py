"""What each bus must do, for the tests of both of them."""

import threading
import time

import fixtures

from valence.common import bus, context, exception

TOPIC = 'valence-test'
VERSION = '1.0'


class Endpoint(bus.Endpoint):
    version = VERSION

    def __init__(self):
        self.contexts = []

    def echo(self, ctxt, **args):
        self.contexts.append(ctxt)
        return args

    def refuse(self, ctxt, node):
        raise exception.NodeNotFound(node=node, reasons=['one', 'two'])

    def crash(self, ctxt):
        raise ZeroDivisionError('secret')

    def sleep(self, ctxt, seconds):
        time.sleep(seconds)

    def _hidden(self, ctxt):
        raise AssertionError('it was called')


def asker():
    return context.RequestContext(
        request_id='req-1',
        user_id='u',
        project_id='blue',
        roles=['member'],
        auth_token='secret-token',
        overwrite=False,
    )


class BusContract:
    """Tests of ``self.bus``, which a class of tests makes."""

    #: Seconds after which a call is given up.
    timeout = 1.0

    def setUp(self):
        super().setUp()
        self.logger = self.useFixture(fixtures.FakeLogger())
        self.bus = self.make_bus()
        self.addCleanup(self.bus.close)
        self.looks = []
        self.looked = threading.Event()
        self.endpoint = Endpoint()
        self.server = self.serve(self.endpoint)

    def serve(self, endpoint, topic=TOPIC):
        server = self.bus.serve(topic, 'host', endpoint, self.look)
        self.addCleanup(server.stop)
        return server

    def look(self):
        self.looks.append(1)
        self.looked.set()

    def call(self, method, topic=TOPIC, **args):
        return self.bus.client(topic, VERSION).call(asker(), method, **args)

    def raised_by(self, method, **args):
        """Give what a call raises."""
        try:
            self.call(method, **args)
        except Exception as error:
            return error
        self.fail(f'{method} raised nothing')

    def test_answer(self):
        args = {
            'text': 'ünï ☃',
            'number': 1,
            'none': None,
            'list': [1, {'a': 'b'}],
        }
        self.assertEqual(args, self.call('echo', **args))

    def test_answers_to_many_at_once(self):
        answers = {}

        def ask(number):
            answers[number] = self.call('echo', number=number)

        threads = [
            threading.Thread(target=ask, args=(number,)) for number in range(8)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual({n: {'number': n} for n in range(8)}, answers)

    def test_context_arrives_without_the_token(self):
        self.call('echo')
        (ctxt,) = self.endpoint.contexts
        self.assertIsInstance(ctxt, context.RequestContext)
        self.assertEqual(
            ('req-1', 'u', 'blue', ['member'], None),
            (
                ctxt.request_id,
                ctxt.user_id,
                ctxt.project_id,
                ctxt.roles,
                ctxt.auth_token,
            ),
        )

    def test_domain_error_comes_back(self):
        error = self.raised_by('refuse', node='web')
        self.assertIsInstance(error, exception.NodeNotFound)
        self.assertEqual(
            exception.NodeNotFound(
                node='web', reasons=['one', 'two']
            ).to_dict(),
            error.to_dict(),
        )

    def test_domain_error_is_not_logged_as_a_crash(self):
        self.raised_by('refuse', node='web')
        self.assertNotIn('Traceback', self.logger.output)

    def test_unexpected_error_is_none_of_ours(self):
        error = self.raised_by('crash')
        self.assertNotIsInstance(error, exception.ValenceError)

    def test_server_answers_after_an_unexpected_error(self):
        self.raised_by('crash')
        self.assertEqual({'a': 1}, self.call('echo', a=1))

    def test_unknown_topic(self):
        started = time.monotonic()
        error = self.raised_by('echo', topic='valence-nobody')
        self.assertIsInstance(error, exception.ServiceUnavailable)
        self.assertIn('valence-nobody', error.detail)
        self.assertLess(time.monotonic() - started, self.timeout + 20)

    def test_slow_answer(self):
        error = self.raised_by('sleep', seconds=self.timeout + 1)
        self.assertIsInstance(error, exception.ServiceUnavailable)

    def test_stopped_server(self):
        self.server.stop()
        error = self.raised_by('echo')
        self.assertIsInstance(error, exception.ServiceUnavailable)

    def test_unknown_method(self):
        error = self.raised_by('unheard_of')
        self.assertNotIsInstance(error, exception.ServiceUnavailable)

    def test_hidden_method(self):
        error = self.raised_by('_hidden')
        self.assertNotIn('it was called', str(error))

    def test_argument_that_is_not_json(self):
        error = self.raised_by('echo', value=object())
        self.assertNotIsInstance(error, exception.ValenceError)
        self.assertEqual([], self.endpoint.contexts)

    def test_bell(self):
        self.bus.ring(TOPIC)
        self.assertTrue(self.looked.wait(30))

    def test_bell_that_nobody_hears(self):
        self.bus.ring('valence-nobody')
        self.assertEqual([], self.looks)

    def test_bell_of_another_topic(self):
        other = threading.Event()
        server = self.bus.serve('valence-other', 'host', Endpoint(), other.set)
        self.addCleanup(server.stop)
        self.bus.ring('valence-other')
        self.assertTrue(other.wait(30))
        self.assertEqual([], self.looks)

    def test_close_twice(self):
        self.server.stop()
        self.bus.close()
        self.bus.close()
