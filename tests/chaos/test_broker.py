"""Rows 5 to 7, 9 and 10: RabbitMQ, whose loss costs nothing but time."""

import json
import re
import time
from collections import Counter
from collections.abc import Callable

from tests.chaos.rig import chance, faults
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.load import Series
from tests.chaos.rig.plan import POSTGRESQL
from tests.chaos.rig.rig import Rig
from tests.fixtures.postgresql import PostgreSQL
from tests.fixtures.programs import Program
from valence.compute import rpcapi as compute

#: Requests of each measurement.
_COUNT = 100
#: Seconds after which bells must ring again.
_BACK = 30
#: A statement that looks for tasks, in the log of PostgreSQL, with its
#: transaction before it.
_LOOK = re.compile(
    r'^(\d+/\d+) LOG: (?:(?! LOG: ).)*?FROM tasks\b(?:(?! LOG: ).)*?'
    r'SKIP LOCKED',
    re.DOTALL | re.MULTILINE,
)
#: Nobody sweeps: what happens, a bell has caused.
_NO_SWEEP = {'tasks': ['sweep_interval = 600']}


class BrokerCase(ChaosCase):
    def assert_bells_ring(self, rig: Rig, since: float) -> float:
        """Wait for the first nodes that bells alone bring about.

        :param since: monotonic, when the broker was well again.
        :returns: seconds from then on.
        """
        self.assertTrue(
            faults.wait_until(rig.bells_ring, _BACK), 'No bell rings'
        )
        return time.monotonic() - since

    def assert_broker_is_missed(self, rig: Rig) -> None:
        """Make sure that there is a fault: else nothing is shown."""
        answer = rig.rest.request('GET', '/healthcheck')
        self.assertEqual(503, answer.status_code, answer.text)


class BrokerAway(BrokerCase):
    """No broker, and yet everything that is asked for happens."""

    def test_row_05_broker_stopped(self) -> None:
        away = chance.scale(60, 15)
        rig = self.new_rig(own_broker=True, nodes=3 * _COUNT)
        before = self.usual(rig)

        rig.broker.stop()
        series = self.compose_without_broker(rig, away)
        rig.broker.start()

        self.assert_as_usual(series, before)
        self.judge(rig)

    def test_row_09_memory_alarm(self) -> None:
        rig = self.new_rig(own_broker=True, nodes=3 * _COUNT)
        before = self.usual(rig)

        rig.broker.limit_memory(0.0001)
        series = self.compose_without_broker(rig, 30)
        rig.broker.limit_memory(0.4)

        self.assert_as_usual(series, before)
        self.judge(rig)

    def usual(self, rig: Rig) -> Series:
        """Measure what is usual, once everything is warm."""
        rig.compose(20)
        rig.wait_for_tasks()
        series = rig.compose(_COUNT)
        rig.wait_for_tasks()
        return series

    def compose_without_broker(self, rig: Rig, seconds: float) -> Series:
        """Ask for many at once, then for one a second; all must end."""
        self.assert_broker_is_missed(rig)
        start = time.monotonic()
        burst = rig.compose(_COUNT)
        left = seconds - (time.monotonic() - start)
        trickle = rig.clients.compose_for(left, 1)
        self.assertEqual({202: len(trickle.replies)}, trickle.statuses())
        self.assertLess(trickle.slowest, 1)
        # The sweep of the workers finds what no bell has told them of.
        rig.wait_for_tasks(30)
        self.assertEqual(set(), rig.open_tasks())
        return burst

    def assert_as_usual(self, away: Series, before: Series) -> None:
        ratio = away.rate / before.rate
        self.note(
            f'p99 {away.p99:.2f} s (with broker {before.p99:.2f} s), '
            f'rate without/with {ratio:.2f}'
        )
        self.assertEqual({202: _COUNT}, away.statuses())
        self.assertLess(away.p99, 1)
        self.assertGreaterEqual(ratio, 0.5)


class BrokerBack(BrokerCase):
    """The broker was away, and bells ring again soon after."""

    def test_row_06_broker_killed(self) -> None:
        count = chance.scale(1000, 100)
        rig = self.new_rig(own_broker=True, nodes=count, pods=10)
        load = rig.in_background(lambda: rig.compose(count))
        self.crash(rig)
        self.assertEqual({202: count}, load.result().statuses())
        self.note(self.judge(rig).figures)

    def test_row_06_broker_killed_and_back(self) -> None:
        rig = self.new_rig(own_broker=True, more=_NO_SWEEP)
        self.assertTrue(rig.bells_ring())
        slowest = 0.0
        for _ in range(chance.scale(5, 2)):
            self.crash(rig)
            back = self.assert_bells_ring(rig, time.monotonic())
            slowest = max(slowest, back)
        self.judge(rig)
        self.note(f'bells ring {slowest:.1f} s after the broker is back')

    def test_row_06_api_started_before_the_broker(self) -> None:
        rig = self.new_rig(own_broker=True, more=_NO_SWEEP)
        rig.broker.stop()
        self.restart_api(rig)
        rig.broker.start()
        back = self.assert_bells_ring(rig, time.monotonic())
        self.judge(rig)
        self.note(f'bells ring {back:.1f} s after the broker is there')

    def test_row_07_api_started_in_the_black_hole(self) -> None:
        rig = self.new_rig(proxied=True, more=_NO_SWEEP)
        rig.proxy.cut()
        self.restart_api(rig)
        rig.proxy.mend()
        back = self.assert_bells_ring(rig, time.monotonic())
        self.judge(rig)
        self.note(f'bells ring {back:.1f} s after the black hole')

    def restart_api(self, rig: Rig) -> None:
        """Start an API that never knew a broker, and use it for a while."""
        rig.services.crash('api1')
        series = self.use_api(rig)
        self.assertEqual({202}, set(series.statuses()))
        self.assert_broker_is_missed(rig)

    def test_row_06_connections_dropped(self) -> None:
        """All connections break at any moment, while an API starts."""
        rig = self.new_rig(proxied=True, more=_NO_SWEEP)
        for _ in range(chance.scale(10, 2)):
            # In the middle of whatever takes so long.
            pause = self.random.choice([0.003, 0.01, 0.03, 0.1, 0.3])
            rig.services.crash('api1')
            load = rig.in_background(lambda: self.use_api(rig))
            while not load.done():
                time.sleep(self.random.expovariate(1 / pause))
                rig.proxy.drop()
            back = self.assert_bells_ring(rig, time.monotonic())
            self.note(f'every {pause} s; bells ring {back:.1f} s after')
        self.judge(rig)

    def test_row_06_connection_dropped_before_any_answer(self) -> None:
        """An API that was never answered yet loses its connection."""
        rig = self.new_rig(proxied=True)
        rig.services.freeze('conductor1')
        rig.services.crash('api1')
        self.assertTrue(rig.wait_until_answers())
        # It waits for an answer, and gives up.
        self.assert_broker_is_missed(rig)
        rig.proxy.drop()
        self.assert_broker_is_missed(rig)
        rig.services.thaw('conductor1')
        start = time.monotonic()
        self.assertTrue(faults.wait_until(rig.is_well, _BACK))
        self.note(f'well {time.monotonic() - start:.1f} s after')

    def use_api(self, rig: Rig) -> Series:
        self.assertTrue(rig.wait_until_answers())
        return rig.clients.compose_for(6, 2)

    def crash(self, rig: Rig) -> None:
        time.sleep(self.random.uniform(0.2, 1.5))
        rig.broker.kill()
        time.sleep(self.random.uniform(0.2, 3))
        rig.broker.start()

    def test_row_07_black_hole(self) -> None:
        away = chance.scale(90, 20)
        rig = self.new_rig(proxied=True, nodes=3 * away + 100)
        rig.compose(20)

        rig.proxy.cut()
        self.assert_broker_is_missed(rig)
        series = rig.clients.compose_for(away, 2)
        rig.wait_for_tasks(30)
        self.assertEqual(set(), rig.open_tasks())
        rig.proxy.mend()
        verdict = self.judge(rig)

        self.note(f'slowest POST {series.slowest:.2f} s; {verdict.figures}')
        self.assertEqual({202: len(series.replies)}, series.statuses())
        self.assertLess(series.slowest, 2)

    def test_row_07_black_hole_ends(self) -> None:
        rig = self.new_rig(proxied=True, more=_NO_SWEEP)
        self.assertTrue(rig.bells_ring())

        rig.proxy.cut()
        self.assert_broker_is_missed(rig)
        rig.clients.compose_for(chance.scale(90, 20), 1)
        rig.proxy.mend()

        back = self.assert_bells_ring(rig, time.monotonic())
        self.judge(rig)
        self.note(f'bells ring {back:.1f} s after the black hole')


class Doorbells(ChaosCase):
    """A bell says "look", so ten of them say no more than one."""

    def test_row_10_duplicate_and_reordered_doorbells(self) -> None:
        count = chance.scale(500, 100)
        rig = self.new_rig(
            database=POSTGRESQL, own_database=True, nodes=2 * count, pods=10
        )
        self.log_statements(rig)
        usual = self.looks(rig, lambda: rig.compose(count))
        rung: Counter[str] = Counter()

        def with_bells() -> None:
            load = rig.in_background(lambda: rig.compose(count))
            rung.update(self.ring(rig, 10 * count))
            load.result()

        extra = self.looks(rig, with_bells) - usual
        verdict = self.judge(rig)
        # Each is heard by all who listen: two of compute, one of the others.
        heard = rung.total() + rung[compute.TOPIC]
        self.note(f'{verdict.figures}; {heard} heard, {extra} more looks')
        self.assertEqual(10 * count, rung.total())
        self.assertLessEqual(extra, heard)

    def log_statements(self, rig: Rig) -> None:
        assert isinstance(rig.database, PostgreSQL)
        rig.database.configure('log_line_prefix', '%v ')
        rig.database.configure('log_statement', 'all')

    def ring(self, rig: Rig, count: int) -> dict[str, int]:
        """Ring so many bells of any topic; give how many of each."""
        program = self.useFixture(
            Program(
                'tests.chaos.rig.ringer',
                self.random.getrandbits(32),
                count,
                rig.stack.directory / 'valence.conf',
            )
        )
        rung: dict[str, int] = json.loads(program.hear())
        return rung

    def looks(self, rig: Rig, work: Callable[[], object]) -> int:
        """Count how often workers look for tasks, until all have ended.

        A look is a transaction, of whatever many statements.
        """
        log = rig.database.directory / 'log'
        before = log.stat().st_size
        work()
        rig.wait_for_tasks()
        with log.open() as lines:
            lines.seek(before)
            return len(set(_LOOK.findall(lines.read())))
