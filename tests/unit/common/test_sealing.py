import logging
import traceback

import fixtures
import orjson
import testtools

from tests.unit.podm import records
from valence.common import exception, sealing
from valence.common.sealing import KeyRing, Sealed, Secret

TEXT = 'canary-5ecr3t'
TIMES = {'created_at': 0, 'updated_at': 0}


def ring(*keys):
    return KeyRing(keys or [sealing.new_key()], '/the/keys')


class KeyRingTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.old, self.new = sealing.new_key(), sealing.new_key()

    def test_what_is_sealed_is_opened(self):
        keys = ring()
        for text in (TEXT, '', 'ünï ☃', 'x' * 1024):
            self.assertEqual(text, keys.open(keys.seal(text)))

    def test_sealed_shows_nothing_and_is_never_the_same(self):
        keys = ring()
        one, other = keys.seal(TEXT), keys.seal(TEXT)
        self.assertNotIn(TEXT, repr(one))
        self.assertNotEqual(one, other)

    def test_first_key_encrypts(self):
        sealed = ring(self.new, self.old).seal(TEXT)
        self.assertEqual(sealing.key_id(self.new), sealed.key)
        self.assertEqual(TEXT, ring(self.new).open(sealed))

    def test_all_keys_decrypt(self):
        sealed = ring(self.old).seal(TEXT)
        self.assertEqual(TEXT, ring(self.new, self.old).open(sealed))

    def refusal(self, function, *args):
        error = self.assertRaises(
            exception.CredentialsKeyError, function, *args
        )
        self.assertIn('/the/keys', error.detail)
        return error.detail

    def test_key_that_is_missing_is_named(self):
        sealed = ring(self.old).seal(TEXT)
        detail = self.refusal(ring(self.new).open, sealed)
        self.assertIn(f'lacks key {sealing.key_id(self.old)}', detail)

    def test_damaged(self):
        keys = ring(self.old)
        sealed = keys.seal(TEXT)
        for token in (sealed.token[:-5], '', 'x', f'{sealed.token[:-9]}'):
            damaged = Sealed(sealed.key, token)
            self.assertIn('damaged', self.refusal(keys.open, damaged))

    def test_no_key(self):
        self.assertIn('no key in it', self.refusal(KeyRing, [], '/the/keys'))

    def test_no_keys(self):
        self.assertRaises(exception.CredentialsKeyError, sealing.no_keys)

    def test_what_is_no_key_is_not_told(self):
        for bad in (TEXT, self.new[:-2], f'{self.new}=', '☃'):
            try:
                ring(self.old, bad)
            except exception.CredentialsKeyError as error:
                told = ''.join(traceback.format_exception(error))
            self.assertIn('line 2 of it is no key', told)
            self.assertNotIn(bad, told)

    def test_id_is_short_and_tells_nothing(self):
        self.assertRegex(sealing.key_id(self.new), '^[0-9a-f]{8}$')
        self.assertNotEqual(sealing.key_id(self.new), sealing.key_id(self.old))


class SecretTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.keys = ring()

    def secret(self, text=TEXT, keys=None):
        return Secret(self.keys.seal(text), lambda: keys or self.keys)

    def test_reveal(self):
        self.assertEqual(TEXT, self.secret().reveal())
        self.assertEqual(TEXT, sealing.reveal(self.secret()))
        self.assertEqual(TEXT, sealing.reveal(TEXT))

    def test_stored_in_clear(self):
        secret = Secret(TEXT, sealing.no_keys)
        self.assertEqual(TEXT, secret.reveal())
        self.assertEqual('***', repr(secret))

    def test_shows_itself_to_nobody(self):
        log = self.useFixture(fixtures.FakeLogger(level=logging.DEBUG))
        for secret in (self.secret(), Secret(TEXT, sealing.no_keys)):
            items = {'username': 'admin', 'password': secret}
            podm = records.record(
                'http://podm',
                authentication=[{'type': 'basic', 'auth_items': items}],
                **TIMES,
            )
            logging.getLogger().debug('%s %r %s', secret, items, podm)
            for shown in (log.output, f'{secret}', str(podm.as_dict())):
                self.assertIn('***', shown)
                self.assertNotIn(TEXT, shown)
            self.assertRaises(TypeError, orjson.dumps, secret)
            self.assertRaises(TypeError, orjson.dumps, podm)

    def test_equal(self):
        one = self.secret()
        self.assertEqual(one, self.secret())
        self.assertEqual(one, Secret(TEXT, sealing.no_keys))
        self.assertNotEqual(one, self.secret('other'))
        self.assertNotEqual(one, TEXT)

    def test_what_cannot_be_opened_is_only_equal_to_itself(self):
        one, other = self.secret(keys=ring()), self.secret(keys=ring())
        self.assertEqual(one, one)
        self.assertNotEqual(one, other)

    def test_nothing_is_opened_before_it_is_asked_for(self):
        secret = Secret(self.keys.seal(TEXT), sealing.no_keys)
        self.assertRaises(exception.CredentialsKeyError, secret.reveal)


class CredentialsTest(testtools.TestCase):
    """A pod manager's record, and who asks it for its credentials."""

    def record(self, password):
        return records.record(
            'http://podm',
            name='rack-7',
            authentication=records.basic('admin', password),
            **TIMES,
        )

    def test_credentials(self):
        keys = ring()
        password = Secret(keys.seal(TEXT), lambda: keys)
        podm = self.record(password)
        self.assertEqual(('admin', TEXT), podm.credentials())

    def test_unreadable_names_file_key_and_pod_manager(self):
        sealed = ring().seal(TEXT)
        podm = self.record(Secret(sealed, ring))
        error = self.assertRaises(
            exception.CredentialsUnreadable, podm.credentials
        )
        for word in ('rack-7', '/the/keys', sealed.key):
            self.assertIn(word, error.detail)
        self.assertEqual('***', _password(podm.as_dict()))


def _password(record):
    return record['authentication'][0]['auth_items']['password']
