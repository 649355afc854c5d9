"""The programs as an operator starts and stops them."""

import pathlib
import subprocess
import sys

import testtools

from tests.fixtures import processes, rows
from tests.fixtures.standalone import Standalone
from valence.db.api import Query
from valence.db.sqlalchemy.database import SqlDatabase

_BIN = pathlib.Path(sys.executable).parent
_ROOT = pathlib.Path(__file__).parents[2]
PROGRAMS = (
    'valence-api',
    'valence-compute',
    'valence-conductor',
    'valence-manage',
    'valence-network',
    'valence-podm-simulator',
    'valence-standalone',
    'valence-storage',
)


def run(
    program: str, *arguments: str, timeout: float = 60
) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [str(_BIN / program), *arguments],
        capture_output=True,
        text=True,
        timeout=timeout,
        check=False,
    )


class Commands(testtools.TestCase):
    def directory(self) -> pathlib.Path:
        path = processes.make_directory('commands')
        self.addCleanup(subprocess.run, ['rm', '-rf', str(path)], check=False)
        return path

    def configuration(self, *lines: str) -> str:
        path = self.directory() / 'valence.conf'
        path.write_text('\n'.join(lines))
        return str(path)

    def test_every_program_explains_itself(self) -> None:
        for program in PROGRAMS:
            answer = run(program, '--help')
            self.assertEqual(0, answer.returncode, answer.stderr)
            self.assertIn(program, answer.stdout)

    def test_nothing_needs_eventlet(self) -> None:
        code = (
            "import sys; sys.modules['eventlet'] = None; "
            'import valence.cmd.compute, valence.wsgi.api'
        )
        subprocess.run([sys.executable, '-c', code], check=True, timeout=60)

    def test_api_without_authentication_stays_on_this_machine(self) -> None:
        config = self.configuration('[api]', 'bind_host = 0.0.0.0')
        answer = run('valence-api', '--config-file', config)
        self.assertEqual(1, answer.returncode)
        self.assertIn('0.0.0.0 is not a loopback address', answer.stderr)

    def database(self) -> tuple[str, str]:
        """Give the url of an empty database, and who configures it."""
        directory = self.directory()
        url = f'sqlite:///{directory}/db'
        config = self.configuration(
            *('[database]', f'connection = {url}'),
            *('[credentials]', f'key_file = {directory}/keys'),
        )
        return url, f'--config-file={config}'

    def test_schema_is_made_and_told(self) -> None:
        _url, option = self.database()
        before = run('valence-manage', option, 'db', 'version')
        self.assertEqual('none', before.stdout.strip(), before.stderr)
        synced = run('valence-manage', option, 'db', 'sync')
        self.assertEqual(0, synced.returncode, synced.stderr)
        after = run('valence-manage', option, 'db', 'version')
        self.assertRegex(after.stdout, r'^\d{4}\n$')
        listed = run('valence-manage', option, 'service', 'list')
        self.assertEqual((0, ''), (listed.returncode, listed.stdout))

    def test_purge_deletes_what_ended_long_ago(self) -> None:
        url, option = self.database()
        run('valence-manage', option, 'db', 'sync')
        database = SqlDatabase(url)
        self.addCleanup(database.close)
        ended, left = rows.add_task(database), rows.add_task(database)
        for task in rows.claim(database, limit=1, most_long=1):
            lease = rows.lease_of(task)
            database.tasks.finish(lease=lease, state='completed', message='')
        none = run('valence-manage', option, 'tasks', 'purge')
        self.assertEqual('0 tasks deleted\n', none.stdout, none.stderr)
        one = run('valence-manage', option, 'tasks', 'purge', '--days', '0')
        self.assertEqual('1 tasks deleted\n', one.stdout, one.stderr)
        found = database.tasks.list(query=Query())
        self.assertEqual([left], [task.uuid for task in found])
        self.assertNotEqual(ended, left)

    def test_purge_refuses_days_that_are_none(self) -> None:
        for days in ('-1', 'nan', 'many'):
            answer = run('valence-manage', 'tasks', 'purge', f'--days={days}')
            self.assertEqual(2, answer.returncode)
            self.assertIn('--days', answer.stderr)

    def test_database_away_is_one_clear_line(self) -> None:
        port = processes.free_port()
        config = self.configuration(
            '[database]',
            f'connection = postgresql+psycopg://x@127.0.0.1:{port}/x',
        )
        answer = run('valence-manage', f'--config-file={config}', 'db', 'sync')
        self.assertEqual(1, answer.returncode)
        self.assertIn('The database does not answer', answer.stderr)
        self.assertNotIn('Traceback', answer.stderr)

    def test_unknown_option_is_refused(self) -> None:
        answer = run('valence-compute', '--no-such-option')
        self.assertEqual(2, answer.returncode)
        self.assertIn('--no-such-option', answer.stderr)


class StandaloneProcess(testtools.TestCase):
    def test_serves_and_stops_on_sigterm_and_keeps_its_state(self) -> None:
        valence = self.useFixture(Standalone())
        valence.wait_until_ready()
        made = valence.rest.request(
            'POST', '/v1/flavors', {'name': 'kept', 'properties': {}}
        )
        self.assertEqual(201, made.status_code, made.text)
        self.assertEqual(0, valence.stop(), valence.process.log_tail())
        valence.start()
        valence.wait_until_ready()
        (flavor,) = valence.rest.get('/v1/flavors')
        self.assertEqual('kept', flavor['name'])
        self.assertEqual(0, valence.stop(), valence.process.log_tail())

    def test_port_in_use_is_one_clear_line(self) -> None:
        valence = self.useFixture(Standalone())
        valence.wait_until_ready()
        answer = run(
            'valence-standalone',
            f'--state-dir={valence.directory}/other',
            f'--port={valence.port}',
        )
        self.assertEqual(1, answer.returncode, answer.stdout)
        self.assertIn('cannot start', answer.stderr)
        self.assertNotIn('Traceback', answer.stderr)


class Demo(testtools.TestCase):
    def test_demo_composes_a_node_and_deletes_it(self) -> None:
        answer = subprocess.run(
            [
                sys.executable,
                str(_ROOT / 'tools' / 'demo.py'),
                '--oneshot',
                f'--port={processes.free_port()}',
            ],
            capture_output=True,
            text=True,
            timeout=120,
            check=False,
        )
        self.assertEqual(0, answer.returncode, answer.stdout + answer.stderr)
        self.assertIn('Composed at rack-', answer.stdout)
        self.assertIn('"node_state": "Assembled"', answer.stdout)
        self.assertIn('Deleting the node', answer.stdout)
