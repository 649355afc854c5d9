"""The checks of the fixtures themselves can fail."""

import logging

import testtools

from tests.unit.api import fixtures
from valence.conf import CONF


def _answer(status=200, body=b'{}', **headers):
    return fixtures.Answer(
        status,
        {
            'X-Openstack-Request-Id': 'req-1',
            'Content-Type': 'application/json',
            **headers,
        },
        body,
    )


class CheckTest(testtools.TestCase):
    def bad(self, answer):
        self.assertRaises(AssertionError, fixtures.check, answer)

    def test_good(self):
        fixtures.check(_answer())

    def test_password(self):
        self.bad(_answer(body=fixtures.CANARY.encode()))
        self.bad(_answer(Location=fixtures.CANARY))

    def test_traceback(self):
        self.bad(_answer(body=b'Traceback (most recent call last)'))

    def test_headers(self):
        self.bad(_answer(**{'X-Openstack-Request-Id': 'x'}))
        self.bad(_answer(**{'Content-Type': 'text/plain'}))

    def test_shape_of_errors(self):
        good = (
            b'{"status": 404, "code": "c", "title": "t", "detail": "d", '
            b'"request_id": "req-1"}'
        )
        fixtures.check(_answer(404, good))
        self.bad(_answer(400, good))
        self.bad(_answer(404, good, **{'Retry-After': '5'}))
        self.bad(_answer(404, good.replace(b'req-1', b'req-2')))
        self.bad(_answer(404, good.replace(b'"d"', b'""')))
        self.bad(_answer(404, good.replace(b'}', b', "reasons": []}')))
        self.bad(_answer(404, good.replace(b'}', b', "more": 1}')))


class RestoreTest(testtools.TestCase):
    def test_configuration(self):
        def seen():
            return (
                CONF.host,
                CONF.database.connection,
                CONF.api.max_limit,
                CONF.tasks.sweep_interval,
            )

        before = seen()
        with fixtures.Bare(api__max_limit=3):
            self.assertNotEqual(before, seen())
        self.assertEqual(before, seen())

    def test_log(self):
        root = logging.getLogger()
        before = root.level, list(root.handlers)
        with fixtures.Logged():
            logging.getLogger('x').debug('y')
        self.assertEqual(before, (root.level, list(root.handlers)))

    def test_password_in_the_log(self):
        logged = fixtures.Logged()
        logged.setUp()
        logging.getLogger('x').debug('it is %s', fixtures.CANARY)
        self.assertRaises(AssertionError, logged.cleanUp)
