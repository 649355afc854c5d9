"""The keys of credentials as an operator looks after them."""

import concurrent.futures
import pathlib
import subprocess
import sys
from typing import Any

import testtools

from tests.fixtures import database, processes, rest, rows
from tests.fixtures.standalone import Standalone
from valence.common import sealing
from valence.common.key_file import KeyFile
from valence.db.api import Query
from valence.db.sqlalchemy.database import SqlDatabase
from valence.simulator.server import Simulator

_MANAGE = pathlib.Path(sys.executable).parent / 'valence-manage'
_AT_ONCE = 4
_CHANGES = 40


def manage(config: pathlib.Path, *words: str) -> Any:
    return subprocess.run(
        [str(_MANAGE), f'--config-file={config}', *words],
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )


class Commands(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.directory = processes.make_directory('credentials')
        self.addCleanup(
            subprocess.run, ['rm', '-rf', str(self.directory)], check=False
        )
        self.path = self.directory / 'keys'
        self.keys = KeyFile(str(self.path))
        url = f'sqlite:///{self.directory}/db'
        self.config = self.directory / 'valence.conf'
        self.config.write_text(
            f'[database]\nconnection = {url}\n'
            f'[credentials]\nkey_file = {self.path}\n'
        )
        self.database = SqlDatabase(url, self.keys.ring)
        self.addCleanup(self.database.close)

    def succeed(self, *words: str) -> str:
        answer = manage(self.config, *words)
        self.assertEqual(0, answer.returncode, answer.stderr)
        said: str = answer.stdout
        return said

    def fail_(self, *words: str) -> str:
        """Run what must fail, and give the one line that says why."""
        answer = manage(self.config, *words)
        self.assertEqual(1, answer.returncode, answer.stdout)
        self.assertNotIn('Traceback', answer.stderr)
        said: str = answer.stderr
        self.assertEqual(1, said.count('\n'), said)
        return said

    def add(self, **values: Any) -> str:
        return rows.add_pod_manager(self.database, **values).uuid

    def add_in_clear(self) -> str:
        uuid = self.add()
        database.store(self.database, uuid, rows.basic())
        return uuid

    def keys_in_use(self) -> set[str | None]:
        found = self.database.pod_managers.key_uses(limit=1000)
        return {key for use in found for key in use.keys}

    def test_one_of_many_makes_the_key(self) -> None:
        self.succeed('db', 'sync')
        self.path.unlink()
        with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as threads:
            said = list(
                threads.map(
                    lambda _: self.succeed('credentials', 'setup'),
                    range(_AT_ONCE),
                )
            )
        self.assertEqual(1, len([line for line in said if line]), said)
        self.assertIn(f'Made {self.path}', ''.join(said))
        self.assertEqual(1, len(self.keys.ring().ids))

    def test_lost_key_is_told_and_not_replaced(self) -> None:
        self.succeed('db', 'sync')
        self.add(name='rack-1')
        (lost,) = self.keys.ring().ids
        self.path.unlink()
        for words in (('db', 'sync'), ('credentials', 'setup')):
            said = self.fail_(*words)
            for word in (str(self.path), lost, 'rack-1'):
                self.assertIn(word, said)
        self.assertFalse(self.path.exists())

    def test_file_that_is_open_to_others_is_refused(self) -> None:
        self.succeed('db', 'sync')
        self.path.chmod(0o644)
        for words in (
            ('db', 'sync'),
            ('credentials', 'status'),
            ('credentials', 'new-key'),
        ):
            said = self.fail_(*words)
            self.assertIn('0644', said)
            self.assertIn(f'chmod 0600 {self.path}', said)

    def test_upgrade_encrypts_what_is_in_clear(self) -> None:
        self.succeed('db', 'sync')
        uuid = self.add_in_clear()
        said = self.succeed('db', 'sync')
        self.assertIn('1 encrypted', said)
        self.assertNotIn(None, self.keys_in_use())
        podm = self.database.pod_managers.get(ident=uuid)
        self.assertEqual(('admin', 'admin'), podm.credentials())

    def test_upgrade_beside_services_that_are_up_does_not(self) -> None:
        self.succeed('db', 'sync')
        self.add_in_clear()
        self.database.services.report(
            host='here',
            binary='valence-compute',
            topic='compute',
            boot_id=rows.new_uuid(),
            version='1',
        )
        said = self.succeed('db', 'sync')
        self.assertIn('valence-manage credentials rotate', said)
        self.assertEqual({None}, self.keys_in_use())

    def test_rotation(self) -> None:
        self.succeed('db', 'sync')
        (old,) = self.keys.ring().ids
        uuid = self.add(name='rack-1')
        said = self.succeed('credentials', 'new-key')
        new = self.keys.ring().ids[0]
        self.assertEqual(f'{new} encrypts from now on\n', said)
        said = self.succeed('credentials', 'rotate')
        self.assertEqual('1 encrypted, 0 were already, 0 failed\n', said)
        said = self.succeed('credentials', 'rotate')
        self.assertEqual('0 encrypted, 1 were already, 0 failed\n', said)
        lines = self.succeed('credentials', 'status').splitlines()
        self.assertEqual(
            [
                [new, 'encrypts', '1', 'pod', 'managers'],
                [old, 'decrypts', '0', 'pod', 'managers'],
            ],
            [line.split() for line in lines],
        )
        self.path.write_text(self.path.read_text().splitlines()[0])
        podm = self.database.pod_managers.get(ident=uuid)
        self.assertEqual(('admin', 'admin'), podm.credentials())

    def test_standby_key_waits_for_its_time(self) -> None:
        self.succeed('db', 'sync')
        (old,) = self.keys.ring().ids
        said = self.succeed('credentials', 'new-key', '--standby')
        self.assertIn('decrypts from now on', said)
        self.add()
        self.assertEqual({old}, self.keys_in_use())
        self.assertEqual(old, self.keys.ring().ids[0])

    def test_missing_key_and_clear_are_told(self) -> None:
        self.succeed('db', 'sync')
        (lost,) = self.keys.ring().ids
        self.add(name='rack-1')
        self.path.write_text(sealing.new_key())
        for command in ('status', 'rotate'):
            answer = manage(self.config, 'credentials', command)
            self.assertEqual(1, answer.returncode, answer.stderr)
            self.assertIn('rack-1', answer.stdout)
            self.assertIn(lost, answer.stdout)
        self.add_in_clear()
        answer = manage(self.config, 'credentials', 'status')
        self.assertIn('in clear', answer.stdout)


class Live(testtools.TestCase):
    """A Valence that runs while its keys change."""

    def setUp(self) -> None:
        super().setUp()
        self.pod = self.enterContext(Simulator(systems=2))
        self.valence = self.useFixture(Standalone())
        self.valence.wait_until_ready()
        self.rest = self.valence.rest
        state = self.valence.directory / 'state'
        self.path = state / 'credentials.keys'
        self.config = self.valence.directory / 'manage.conf'
        self.url = f'sqlite:///{state}/valence.sqlite'
        self.config.write_text(
            f'[database]\nconnection = {self.url}\n'
            f'[credentials]\nkey_file = {self.path}\n'
        )

    def change(self, name: str, password: str) -> None:
        body = rest.pod_manager(name, '', password)['authentication']
        answer = self.rest.request(
            'PATCH', f'/v1/pod_managers/{name}', {'authentication': body}
        )
        self.assertEqual(200, answer.status_code, answer.text)

    def sync(self, name: str = 'rack-1') -> Any:
        path = f'/v1/pod_managers/{name}/sync'
        return self.rest.ended(self.rest.accepted('POST', path)['task_uuid'])

    def test_key_is_made_for_nobody_else(self) -> None:
        self.assertEqual(0o600, self.path.stat().st_mode & 0o777)

    def test_wrong_key_costs_what_needs_it_and_no_more(self) -> None:
        self.rest.register('rack-1', self.pod.urls[0])
        right = self.path.read_text()
        self.path.write_text(sealing.new_key())
        self.assertEqual(0, self.valence.stop())
        self.valence.start()
        self.valence.wait_until_ready()
        (podm,) = self.rest.get('/v1/pod_managers')
        (entry,) = podm['authentication']
        self.assertEqual('admin', entry['auth_items']['username'])
        self.assertEqual(2, len(self.rest.get('/v1/systems')))
        error = self.sync()['error']
        self.assertEqual('credentials_unreadable', error['code'])
        log = (self.valence.directory / 'log').read_text()
        for told in (error['detail'], log):
            self.assertIn('rack-1', told)
            self.assertIn(str(self.path), told)
        self.assertNotIn('Traceback', log)
        self.path.write_text(right)
        self.assertEqual('Completed', self.sync()['status'])

    def test_lost_key_stops_registration_and_is_not_replaced(self) -> None:
        self.rest.register('rack-1', self.pod.urls[0])
        self.path.rename(self.path.with_name('safe'))
        self.assertEqual(0, self.valence.stop())
        self.valence.start()
        self.valence.wait_until_ready()
        answer = self.rest.request(
            'POST', '/v1/pod_managers', rest.pod_manager('x', 'http://x')
        )
        self.assertEqual(503, answer.status_code, answer.text)
        self.assertIn(str(self.path), answer.json()['detail'])
        self.assertFalse(self.path.exists())
        log = (self.valence.directory / 'log').read_text()
        self.assertIn(f'{self.path} ', log)
        self.path.with_name('safe').rename(self.path)
        self.rest.register('x', 'http://127.0.0.1:1')

    def test_rotation_under_load_undoes_no_change(self) -> None:
        names = [f'rack-{number}' for number in range(_AT_ONCE)]
        self.rest.register(names[0], self.pod.urls[0])
        for name in names[1:]:
            self.rest.register(name, f'http://127.0.0.1:1/{name}')

        def change(name: str) -> None:
            for number in range(_CHANGES):
                self.change(name, f'{name}-{number}')

        with concurrent.futures.ThreadPoolExecutor(_AT_ONCE) as threads:
            changing = [threads.submit(change, name) for name in names]
            while not all(each.done() for each in changing):
                for command in ('new-key', 'rotate'):
                    said = manage(self.config, 'credentials', command)
                    self.assertEqual(0, said.returncode, said.stderr)
            for each in changing:
                each.result()
        self.assertEqual(
            0, manage(self.config, 'credentials', 'rotate').returncode
        )
        keys = KeyFile(str(self.path))
        found = SqlDatabase(self.url, keys.ring)
        self.addCleanup(found.close)
        self.assertEqual(
            {name: ('admin', f'{name}-{_CHANGES - 1}') for name in names},
            {
                podm.name: podm.credentials()
                for podm in found.pod_managers.list(query=Query())
            },
        )
        (first, *older) = keys.ring().ids
        self.assertTrue(older)
        uses = found.pod_managers.key_uses(limit=100)
        self.assertEqual({frozenset([first])}, {use.keys for use in uses})
        self.change(names[0], 'admin')
        synced = self.sync(names[0])
        self.assertEqual('Completed', synced['status'], synced)
