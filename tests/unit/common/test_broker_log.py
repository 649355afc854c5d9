import logging

import fixtures
import testtools

from valence.common import broker_log

_VHOST = (
    'Failed to consume message from queue: Connection.open: (530) '
    'NOT_ALLOWED - vhost blue not found: amqp.exceptions.NotAllowed: '
    'Connection.open: (530) NOT_ALLOWED - vhost blue not found'
)
_NO_ACCESS = (
    "Connection.open: (530) NOT_ALLOWED - access to vhost 'red' refused for "
    "user 'guest'"
)
_QUEUE = (
    "Failed to declare consumer for topic 'valence-compute': Queue.declare: "
    "(406) PRECONDITION_FAILED - inequivalent arg 'x-queue-type' for queue "
    "'valence-compute' in vhost '/': received the value 'quorum' of type "
    "'longstr' but current is none"
)
_PASSWORD = (
    'Connection.open: (403) ACCESS_REFUSED - Login was refused using '
    'authentication mechanism PLAIN. For details see the broker logfile.'
)
_AWAY = '[1] AMQP server on 127.0.0.1:1 is unreachable: refused. Trying again'


class OnceTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.now = 0.0
        self.filter = broker_log.Once(
            ConnectionError, again=600, clock=lambda: self.now
        )

    def said(self, text, *args, level=logging.ERROR, name='x', error=None):
        """Give level and words of what is let through."""
        raised = error and (type(error), error, None)
        record = logging.LogRecord(
            name, level, __file__, 1, text, args, raised
        )
        if not self.filter.filter(record):
            return None
        return record.levelname, record.getMessage()

    def test_what_to_do(self):
        for text, *words in (
            (_VHOST, 'no vhost blue', 'add_vhost'),
            (_NO_ACCESS, 'no vhost red', 'set_permissions'),
            (_QUEUE, 'queue valence-compute', 'x-queue-type', 'delete_queue'),
            (_PASSWORD, 'Login was refused', 'password'),
        ):
            level, said = self.said('%s', text)
            self.assertEqual('ERROR', level)
            for word in words:
                self.assertIn(word, said)

    def test_once_however_it_is_told(self):
        self.assertIsNotNone(self.said(_VHOST))
        for text in (_VHOST, f'Unable to connect after inf tries: {_VHOST}'):
            self.assertIsNone(self.said(text))

    def test_each_vhost_and_queue(self):
        for text in (_VHOST, _QUEUE):
            self.assertIsNotNone(self.said(text))
            changed = text.replace('blue', 'red').replace('-comp', '-cond')
            self.assertIsNotNone(self.said(changed))

    def test_broker_that_is_away_is_a_warning(self):
        level, said = self.said(_AWAY)
        self.assertEqual('WARNING', level)
        self.assertIn(_AWAY, said)
        self.assertIsNone(self.said('Connection failed: %s', 'another'))

    def test_cause_is_said_after_the_warning(self):
        self.said(_AWAY)
        self.assertEqual('ERROR', self.said(_VHOST)[0])
        self.assertIsNone(self.said(_AWAY))

    def test_again_after_it_was_back(self):
        self.said(_AWAY)
        back = self.said('[1] Reconnected to AMQP server', level=logging.INFO)
        self.assertEqual(('INFO', '[1] Reconnected to AMQP server'), back)
        self.assertIsNotNone(self.said(_AWAY))

    def test_again_after_a_while(self):
        self.said(_VHOST)
        self.now = 599
        self.assertIsNone(self.said(_VHOST))
        self.now = 600
        self.assertIsNotNone(self.said(_VHOST))

    def told_by_listeners(self, error):
        """Give what each of them is let say."""
        return [
            self.said('retrying', name=name, error=error)
            for name in broker_log.LISTENERS
        ]

    def test_listeners_say_no_more_than_the_driver(self):
        error = ConnectionError(_VHOST)
        (level, words), *others = self.told_by_listeners(error)
        self.assertEqual('ERROR', level)
        self.assertIn('no vhost blue', words)
        self.assertIsNone(self.said(_VHOST))
        self.assertEqual([None], others)

    def test_what_else_listeners_tell_is_let_through(self):
        told = ('ERROR', 'retrying')
        for error in (KeyError('x'), None):
            for _ in range(2):
                self.assertEqual([told, told], self.told_by_listeners(error))

    def test_warnings_are_let_through(self):
        for _ in range(2):
            said = self.said('careful', level=logging.WARNING)
            self.assertEqual(('WARNING', 'careful'), said)


class InstallTest(testtools.TestCase):
    def test_once_for_the_process(self):
        for name, value in (('DRIVER', 'a'), ('LISTENERS', ('b',))):
            self.useFixture(
                fixtures.MonkeyPatch(
                    f'valence.common.broker_log.{name}', value
                )
            )
        driver, listener = map(logging.getLogger, 'ab')
        broker_log.install(ConnectionError)
        broker_log.install(ConnectionError)
        self.assertEqual(1, len(driver.filters))
        # What one has said, the other does not say again.
        self.assertEqual(driver.filters, listener.filters)
