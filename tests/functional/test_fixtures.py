"""The private servers that the other functional tests stand on."""

import os
import pathlib
import signal
import subprocess
import sys
import time
import urllib.parse

import kombu
import psutil
import psycopg
import pymysql
import testtools

import tests
from tests import fixtures
from tests.fixtures import mariadb, postgresql, processes, rabbitmq

PROJECT = pathlib.Path(tests.__file__).parents[1]

OWNER = """
import time
from tests import fixtures
servers = [fixtures.shared_rabbitmq(), fixtures.shared_postgresql()]
print(*(server.directory for server in servers), flush=True)
time.sleep(600)
"""


def wait_until(condition, timeout=10):
    """Wait until the condition holds; give whether it does."""
    deadline = time.monotonic() + timeout
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.05)
    return condition()


def amqp_connection(url):
    """Connect to the vhost of an oslo.messaging transport url.

    A message counts as sent only when the broker has confirmed it.
    """
    return kombu.Connection(
        url.replace('rabbit://', 'amqp://'),
        transport_options={'confirm_publish': True},
    )


def database_name(url):
    """Give the database that a SQLAlchemy url names."""
    return urllib.parse.urlsplit(url).path.strip('/')


def children():
    """Give all processes below this one."""
    return set(psutil.Process().children(recursive=True))


def gone(processes):
    """Say whether all of the processes have ended.

    A zombie has: it only waits for its parent, or for init, to hear of it.
    """
    return not any(alive(process) for process in processes)


def alive(process):
    try:
        return process.is_running() and (
            process.status() != psutil.STATUS_ZOMBIE
        )
    except psutil.NoSuchProcess:
        return False


def name_of(process):
    """Give the name of a process; nothing if it has just ended."""
    try:
        return process.name()
    except psutil.NoSuchProcess:
        return ''


class ServerTests:
    """What holds for each server; concrete classes say how to use it."""

    def test_whole_life(self):
        before = children()
        with self.make_server() as self.server:
            place = self.write()
            self.server.kill()
            self.assertFalse(processes.accepts(self.server.port))
            self.server.start()
            self.assertEqual(1, self.count(place))
            started = children() - before
            names = {name_of(process) for process in started}
            self.assertTrue(self.programs <= names, names)

        self.assertTrue(wait_until(lambda: gone(started)), started)
        self.assertFalse(self.server.directory.exists())
        self.assertFalse(processes.accepts(self.server.port))


class TestRabbitMQ(ServerTests, testtools.TestCase):
    """RabbitMQ: data is a persistent message in a durable queue."""

    make_server = rabbitmq.RabbitMQ
    programs = frozenset(['beam.smp', 'epmd'])

    def write(self):
        """Send a message; give the vhost's url."""
        url = self.server.new_vhost()
        with amqp_connection(url) as connection:
            connection.SimpleQueue('queue').put('message')
        return url

    def count(self, url):
        """Count the messages."""
        with amqp_connection(url) as connection:
            return connection.SimpleQueue('queue').qsize()

    def test_vhosts_are_apart(self):
        self.server = fixtures.shared_rabbitmq()
        written = self.write()
        others = {self.server.new_vhost() for _ in range(5)}

        self.assertEqual(1, self.count(written))
        self.assertEqual([0] * 5, [self.count(url) for url in others])

    def test_url_needs_no_vhost(self):
        with amqp_connection(fixtures.shared_rabbitmq().url) as connection:
            connection.connect()
            self.assertTrue(connection.connected)


class TestMariaDB(ServerTests, testtools.TestCase):
    """MariaDB: data is a row."""

    make_server = mariadb.MariaDB
    programs = frozenset(['mariadbd'])

    def execute(self, database, statement):
        """Execute a statement; give its first row."""
        with (
            self.server.connect(database) as connection,
            connection.cursor() as cursor,
        ):
            cursor.execute(statement)
            connection.commit()
            return cursor.fetchone()

    def write(self):
        """Insert a row; give the database."""
        name = database_name(self.server.new_database())
        self.execute(name, 'CREATE TABLE t (a INTEGER)')
        self.execute(name, 'INSERT INTO t VALUES (1)')
        return name

    def count(self, database):
        """Count the rows."""
        return self.execute(database, 'SELECT COUNT(*) FROM t')[0]

    def test_temporary_tables_are_its_own(self):
        self.server = self.useFixture(mariadb.MariaDB(fast=True))

        directory = self.execute(None, 'SELECT @@tmpdir')[0]
        self.assertEqual(str(self.server.directory), directory)

    def test_stop_ends_in_order(self):
        self.server = self.useFixture(mariadb.MariaDB())

        self.server.stop()

        self.assertIn('Shutdown complete', self.server.process.log_tail())
        self.assertRaises(pymysql.OperationalError, self.server.connect)

    def test_pause_and_resume(self):
        self.server = self.useFixture(mariadb.MariaDB())
        self.server.pause()
        process = psutil.Process(self.server.pid)
        self.assertTrue(
            wait_until(lambda: process.status() == psutil.STATUS_STOPPED)
        )

        self.server.resume()

        self.assertEqual((1,), self.execute(None, 'SELECT 1'))


class TestPostgreSQL(ServerTests, testtools.TestCase):
    """PostgreSQL: data is a row."""

    make_server = postgresql.PostgreSQL
    programs = frozenset(['postgres'])

    def execute(self, database, statement):
        """Execute a statement."""
        with self.server.connect(database) as connection:
            return connection.execute(statement)

    def write(self):
        """Insert a row; give the database."""
        name = database_name(self.server.new_database())
        self.execute(name, 'CREATE TABLE t (a INTEGER)')
        self.execute(name, 'INSERT INTO t VALUES (1)')
        return name

    def count(self, database):
        """Count the rows."""
        return self.execute(database, 'SELECT COUNT(*) FROM t').fetchone()[0]

    def test_stop_does_not_wait_for_clients(self):
        server = self.useFixture(postgresql.PostgreSQL())
        client = server.connect()
        self.addCleanup(client.close)

        server.stop()

        self.assertRaises(psycopg.OperationalError, client.execute, 'SELECT 1')


class TestShared(testtools.TestCase):
    """The servers that a test process shares."""

    def test_one_per_process(self):
        self.assertIs(
            fixtures.shared_postgresql(), fixtures.shared_postgresql()
        )

    def test_sigkill_of_the_owner_leaves_nothing(self):
        with subprocess.Popen(
            [sys.executable, '-c', OWNER],
            cwd=PROJECT,
            stdout=subprocess.PIPE,
            text=True,
        ) as owner:
            self.addCleanup(owner.kill)
            directories = owner.stdout.readline().split()
            family = psutil.Process(owner.pid).children(recursive=True)
            names = {name_of(member) for member in family}
            self.assertTrue({'beam.smp', 'epmd', 'postgres'} <= names, names)

            owner.send_signal(signal.SIGKILL)

        self.assertTrue(wait_until(lambda: gone(family)), family)
        self.assertEqual(2, len(directories))
        self.assertTrue(
            wait_until(lambda: not any(map(os.path.exists, directories)))
        )


class TestProcesses(testtools.TestCase):
    """The parts that the servers share."""

    def test_ports_are_given_once(self):
        ports = [processes.free_port() for _ in range(50)]

        self.assertEqual(50, len(set(ports)))

    def test_missing_program_names_its_package(self):
        error = self.assertRaises(
            processes.MissingProgramError,
            processes.find_program,
            'no-such-program',
            'some-package',
        )

        self.assertIn('install some-package', str(error))
        self.assertIn('bindep.txt', str(error))
