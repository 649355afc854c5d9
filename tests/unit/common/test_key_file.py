import concurrent.futures
import os
import pathlib
import threading

import fixtures
import testtools

from valence.common import exception, sealing
from valence.common.key_file import KeyFile

MANY = 8
#: A user who is not us, whoever we are.
SOMEBODY = 4711


class KeyFileCase(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.path = self.directory / 'keys'
        self.file = KeyFile(str(self.path))

    def write(self, *lines, mode=0o600):
        self.path.write_text('\n'.join(lines))
        self.path.chmod(mode)

    def refusal(self, function, **options):
        error = self.assertRaises(
            exception.CredentialsKeyError, function, **options
        )
        self.assertIn(str(self.path), error.detail)
        return error.detail

    def assert_alone(self):
        """Check that no drafts are left."""
        self.assertEqual(['keys'], os.listdir(self.directory))

    def at_once(self, function):
        """Call it in many threads at the same time; give what it gave."""
        barrier = threading.Barrier(MANY)

        def run(number):
            barrier.wait()
            return function()

        with concurrent.futures.ThreadPoolExecutor(MANY) as threads:
            return list(threads.map(run, range(MANY)))


class MakeTest(KeyFileCase):
    def test_made_for_us_alone(self):
        self.assertFalse(self.file.exists)
        self.useFixture(_Umask(0))
        self.assertTrue(self.file.make())
        self.assertTrue(self.file.exists)
        self.assertEqual(0o600, self.path.stat().st_mode & 0o777)
        self.assertEqual(1, len(self.file.ring().ids))
        self.assert_alone()

    def test_one_that_is_there_is_left(self):
        self.file.make()
        before = self.path.read_bytes()
        self.assertFalse(self.file.make())
        self.assertEqual(before, self.path.read_bytes())
        self.assert_alone()

    def test_one_of_many_makes_it(self):
        def make():
            file = KeyFile(str(self.path))
            return file.make(), tuple(file.ring().ids)

        made, ids = zip(*self.at_once(make), strict=True)
        self.assertEqual(1, sum(made))
        self.assertEqual(1, len(set(ids)))
        self.assert_alone()

    def test_cannot_be_made(self):
        nowhere = KeyFile('/proc/nowhere/keys')
        error = self.assertRaises(exception.CredentialsKeyError, nowhere.make)
        self.assertIn('/proc/nowhere/keys', error.detail)
        self.assertIn('cannot write it', error.detail)

    @testtools.skipUnless(os.geteuid() == 0, 'needs another user')
    def test_root_makes_it_for_the_services(self):
        os.chown(self.directory, SOMEBODY, SOMEBODY)
        self.file.make()
        self.file.add()
        self.assertEqual(SOMEBODY, self.path.stat().st_uid)
        self.assertEqual(2, len(self.file.ring().ids))


class ReadTest(KeyFileCase):
    def test_keys_in_their_order(self):
        keys = [sealing.new_key() for _ in range(3)]
        self.write(keys[0], '', f'  {keys[1]} ', keys[2], '')
        ids = [sealing.key_id(key) for key in keys]
        self.assertEqual(ids, self.file.ring().ids)

    def test_not_there(self):
        detail = self.refusal(self.file.ring)
        self.assertIn('valence-manage credentials setup', detail)

    def test_open_to_others(self):
        for mode in (0o640, 0o604, 0o620, 0o602, 0o660, 0o644):
            self.write(sealing.new_key(), mode=mode)
            detail = self.refusal(self.file.ring)
            self.assertIn(f'{mode:04o}', detail)
            self.assertIn(f'chmod 0600 {self.path}', detail)
        self.path.chmod(0o400)
        self.assertEqual(1, len(self.file.ring().ids))

    def test_of_somebody_else(self):
        self.file.make()
        self.useFixture(fixtures.MonkeyPatch('os.geteuid', lambda: SOMEBODY))
        detail = self.refusal(self.file.ring)
        self.assertIn(f'chown {SOMEBODY} {self.path}', detail)

    @testtools.skipUnless(os.geteuid() == 0, 'needs another user')
    def test_root_does_not_take_just_any(self):
        self.file.make()
        os.chown(self.path, SOMEBODY, SOMEBODY)
        self.assertIn(f'belongs to {SOMEBODY}', self.refusal(self.file.ring))

    def test_directory(self):
        self.path.mkdir()
        self.assertIn('cannot read it', self.refusal(self.file.ring))

    def test_no_key_in_it(self):
        self.write('', '')
        self.assertIn('no key in it', self.refusal(self.file.ring))

    def test_what_is_no_key(self):
        self.write(sealing.new_key(), 'hello')
        self.assertIn('line 2', self.refusal(self.file.ring))

    def test_no_text(self):
        self.path.write_bytes(b'\xff\x00\n\xfe')
        self.path.chmod(0o600)
        self.assertIn('line 1', self.refusal(self.file.ring))

    def test_read_again_when_it_has_changed(self):
        self.file.make()
        before = self.file.ring()
        self.assertIs(before, self.file.ring())
        KeyFile(str(self.path)).add()
        self.assertEqual(before.ids, self.file.ring().ids[1:])

    def test_lost_and_found(self):
        self.file.make()
        before = self.file.ring()
        self.path.rename(self.directory / 'elsewhere')
        self.refusal(self.file.ring)
        (self.directory / 'elsewhere').rename(self.path)
        self.assertEqual(before.ids, self.file.ring().ids)

    def test_opened_to_others_later(self):
        self.file.make()
        self.file.ring()
        self.path.chmod(0o644)
        self.refusal(self.file.ring)


class AddTest(KeyFileCase):
    def setUp(self):
        super().setUp()
        self.file.make()
        (self.first,) = self.file.ring().ids

    def test_new_key_is_the_first(self):
        added = self.file.add()
        self.assertEqual([added, self.first], self.file.ring().ids)
        self.assertEqual(0o600, self.path.stat().st_mode & 0o777)
        self.assert_alone()

    def test_standby_is_the_last(self):
        added = self.file.add(standby=True)
        self.assertEqual([self.first, added], self.file.ring().ids)

    def test_not_while_another_process_does(self):
        draft = self.directory / 'keys.new'
        draft.touch()
        detail = self.refusal(self.file.add)
        self.assertIn(f'remove {draft}', detail)
        self.assertTrue(draft.exists())
        self.assertEqual([self.first], self.file.ring().ids)

    def test_not_to_what_would_not_be_read(self):
        self.path.chmod(0o644)
        self.refusal(self.file.add)
        self.write('hello')
        self.refusal(self.file.add)
        self.assertEqual('hello', self.path.read_text())
        self.assert_alone()

    def test_not_where_there_is_none(self):
        self.path.unlink()
        self.refusal(self.file.add)
        self.assertEqual([], os.listdir(self.directory))

    def test_many_at_once_lose_none(self):
        def add():
            try:
                return KeyFile(str(self.path)).add()
            except exception.CredentialsKeyError:
                return None

        added = {key for key in self.at_once(add) if key}
        self.assertTrue(added)
        self.assertEqual(added | {self.first}, set(self.file.ring().ids))
        self.assert_alone()


class _Umask(fixtures.Fixture):
    def __init__(self, mask):
        super().__init__()
        self._mask = mask

    def _setUp(self):
        self.addCleanup(os.umask, os.umask(self._mask))
