"""Rows 1, 2, 15, 17 and 25: the services, killed, frozen and restarted."""

import time
from typing import Any

import requests

from tests.chaos.rig import chance, faults
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.plan import LEASE, MARIADB, POSTGRESQL
from tests.chaos.rig.rig import Rig

#: A pod manager's own time for a change, ms; 30 % of them are answered 202.
BUSY = {
    'act_ms': [100, 600],
    'accept': {'share': 0.3, 'ms': [100, 600], 'retry_after': None},
}
#: Seconds after the last fault in which everything must have ended: the
#: lease, the time for which a successor looks for what was asked for, and ten
#: more. Half as much again, since a machine of two cores runs all of it.
_AFTER = 20 * 1.5
#: Seconds for which the work may stand still after a fault.
_STALL = 20


class WorkersCase(ChaosCase):
    def busy_rig(self, **options: Any) -> Rig:
        count = chance.scale(1000, 120)
        return self.new_rig(
            **{
                'pods': chance.scale(50, 10),
                'nodes': count,
                'computes': chance.scale(4, 2),
                'modes': BUSY,
                **options,
            }
        )

    def compose_while(self, rig: Rig, *acts: Any) -> None:
        """Do things to the house while it composes; judge it after all.

        Half of the work is asked for at once, and a share of the rest before
        each act, which so has something to break.
        """
        count = rig.plan.nodes
        half = count // 2
        loads = [self.asked_for(rig, half)]
        in_hand = []
        for turn, act in enumerate(acts):
            wanted = turn / len(acts) * half
            faults.wait_until(lambda: self.ended(rig) >= wanted, _STALL)  # noqa: B023
            rig.wait_until_answers()
            more = chance.share(count - half, turn, len(acts))
            loads.append(self.asked_for(rig, more))
            faults.wait_until(lambda: self.running(rig), _STALL)
            time.sleep(self.random.uniform(0.1, 0.3))
            in_hand.append(self.running(rig))
            act()
        since = time.monotonic()
        for load in loads:
            load.result()
        rig.wait_for_tasks()
        took = time.monotonic() - since
        verdict = self.judge(rig)
        self.note(
            f'{verdict.figures}; {min(in_hand)} to {max(in_hand)} in hand at '
            f'each fault; ended {took:.1f} s after the last'
        )
        # Otherwise nothing was shown.
        self.assertGreater(min(in_hand), 0)
        self.assertEqual(count, verdict.accepted)
        self.assertLess(took, _AFTER)

    def asked_for(self, rig: Rig, count: int) -> Any:
        return rig.in_background(lambda: rig.compose(count, patience=60))

    def running(self, rig: Rig) -> int:
        return len(self.tasks(rig, 'state=running'))

    def ended(self, rig: Rig) -> int:
        return sum(
            len(self.tasks(rig, f'action=compose_node&status={status}'))
            for status in ('Completed', 'Failed')
        )

    def tasks(self, rig: Rig, query: str) -> Any:
        """List tasks; none while what was killed just now is the API."""
        try:
            answer = rig.rest.request('GET', f'/v1/tasks?{query}&fields=uuid')
        except requests.ConnectionError:
            return []
        return answer.json() if answer.status_code == 200 else []


class Killed(WorkersCase):
    def test_row_01_workers_killed_mariadb(self) -> None:
        if not chance.FULL:
            self.skipTest('One database is enough for the short form')
        self.kill_workers(MARIADB)

    def test_row_01_workers_killed_postgresql(self) -> None:
        self.kill_workers(POSTGRESQL)

    def kill_workers(self, database: str) -> None:
        rig = self.busy_rig(database=database)
        kills = chance.scale(8, 4)
        self.compose_while(rig, *[lambda: rig.kill_random('compute')] * kills)

    def test_row_02_each_service_killed(self) -> None:
        rig = self.busy_rig(database=POSTGRESQL, others=1)
        names = [
            self.random.choice(rig.services.names(kind))
            for kind in ('api', 'conductor', 'compute', 'network', 'storage')
        ]
        self.random.shuffle(names)
        self.compose_while(rig, *map(self.crash(rig), names))

    def test_row_02_parent_of_the_api_killed_alone(self) -> None:
        rig = self.new_rig()
        parent, *children = rig.services.family('api1')
        parent.kill()
        for child in children:
            child.wait(10)
        rig.services.start('api1')
        self.assertTrue(faults.wait_until(rig.answers, 30))
        self.note('no child of it was left')

    def crash(self, rig: Rig) -> Any:
        return lambda name: lambda: rig.services.crash(name)


class Everything(WorkersCase):
    """All of it in one run."""

    def test_row_34_everything_killed_mariadb(self) -> None:
        self.kill_everything(MARIADB)

    def test_row_34_everything_killed_postgresql(self) -> None:
        self.kill_everything(POSTGRESQL)

    def kill_everything(self, database: str) -> None:
        rig = self.busy_rig(
            database=database, own_database=True, own_broker=True, others=1
        )
        acts = [lambda: rig.kill_random('compute')] * 8
        for kind in ('api', 'conductor', 'network', 'storage'):
            acts.append(lambda kind=kind: rig.kill_random(kind))
        for server in (rig.broker, rig.database):
            acts.append(lambda server=server: self.crash(server))
        self.random.shuffle(acts)
        self.compose_while(rig, *acts)

    def crash(self, server: Any) -> None:
        server.kill()
        time.sleep(self.random.uniform(0.1, 2))
        server.start()


class Frozen(WorkersCase):
    def test_row_15_zombies(self) -> None:
        """Who was stopped for longer than its lease does nothing more."""
        rig = self.busy_rig(computes=3)
        self.compose_while(rig, *[lambda: self.zombie(rig)] * 2)

    def zombie(self, rig: Rig) -> None:
        name = self.random.choice(rig.services.names('compute'))
        rig.services.freeze(name)
        # Until others have taken over, and are at work.
        time.sleep(LEASE + self.random.uniform(0.5, 2))
        rig.services.thaw(name)


class Restarted(WorkersCase):
    def test_row_17_rolling_restart(self) -> None:
        rig = self.busy_rig(conductors=2, more={'api': ['workers = 2']})
        rounds = chance.scale(10, 1)
        stops: list[float] = []

        def restart(name: str) -> None:
            stops.append(rig.services.terminate(name))
            rig.services.start(name)
            rig.stack.wait_until_up()

        names = [
            name
            for _round in range(rounds)
            for name in rig.services.names('co') + rig.services.names('api')
        ]
        self.compose_while(
            rig, *[lambda name=name: restart(name) for name in names]
        )
        bad = [
            reply for reply in rig.clients.all if reply.status not in (0, 202)
        ]
        self.note(f'slowest stop {max(stops):.1f} s; {len(bad)} bad answers')
        self.assertEqual([], bad)
        self.assertLess(max(stops), 30)

    def test_row_25_long_operations_survive_a_restart(self) -> None:
        """What a pod manager is at goes on when all workers are restarted."""
        count = chance.scale(200, 40)
        rig = self.new_rig(
            pods=chance.scale(10, 4),
            nodes=count,
            max_tasks=50,
            modes={
                'accept': {'ms': [4000, 8000], 'retry_after': 1},
                'latency_ms': 5,
            },
        )
        rig.compose(count)
        self.assertTrue(
            faults.wait_until(lambda: self.waiting(rig) > count / 2, 30)
        )
        for name in rig.services.names('co'):
            rig.services.crash(name)
        verdict = self.judge(rig)
        posts = sum(
            rig.pods.stats(url)['calls'].get('allocate', 0)
            for url in rig.pods.urls
        )
        self.note(f'{verdict.figures}; {posts} POSTs to allocate')
        self.assertEqual(count, posts)

    def waiting(self, rig: Rig) -> int:
        return len(rig.rest.get('/v1/tasks?state=waiting'))
