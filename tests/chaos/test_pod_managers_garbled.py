"""Row 22: pod managers that answer with what is no answer.

Ten thousand mutants of a tree of documents are another test's; these are the
five ways in which real ones were seen to garble everything, all over the
house.
"""

import time
from collections.abc import Sequence
from typing import Any

from tests.chaos.rig import aim, chance, records
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.rig import Rig

_WORDS = ('truncated', 'html', 'empty', 'list', 'wrong_types')
#: Nodes that each pod manager has before, and is asked for meanwhile.
_BEFORE, _MEANWHILE = 2, 4
#: Seconds after which a node that cannot be seen is left to a person.
_GIVE_UP = 4

Registered = dict[str, Any]


class Garbled(ChaosCase):
    def test_row_22_garbled_answers(self) -> None:
        pods = len(_WORDS) * chance.scale(10, 1)
        rig = self.new_rig(
            pods=pods,
            nodes=(_BEFORE + _MEANWHILE) * pods,
            modes={'act_ms': [300, 600]},
            more={'tasks': [f'assemble_timeout = {_GIVE_UP}']},
        )
        aim.clients(rig, rig.podms).compose(_BEFORE * pods)
        rig.wait_for_tasks()
        before = self.registered(rig)
        ends = self.ends_meanwhile(rig)
        self.assert_kept(before, self.registered(rig))
        why = records.count(map(records.why, ends))
        malformed = sum(
            word in records.why(task)
            for task in ends
            for word in ('Malformed', 'unreadable')
        )

        self.make_well(rig)
        verdict = self.judge(rig, failures=True)
        self.note(f'{verdict.figures}; {why}; no traceback')
        self.assertEqual([], records.untyped(ends))
        self.assertEqual({}, records.tracebacks(rig))
        # Else nothing was shown: no sync succeeds, and some composes fail.
        self.assertGreater(malformed, pods)

    def ends_meanwhile(self, rig: Rig) -> list[Any]:
        """Ask for all kinds of things of garbled ones; give the tasks."""
        nodes = rig.rest.get('/v1/nodes')
        clients = aim.clients(rig, rig.podms)
        clients.compose(_MEANWHILE * len(rig.podms) // 2)
        # Some are under way, and others only begin.
        time.sleep(self.random.uniform(0.3, 0.7))
        for url, word in zip(
            rig.pods.urls, _WORDS * len(rig.podms), strict=False
        ):
            rig.pods.set_modes(url, garble=word)
        clients.compose(_MEANWHILE * len(rig.podms) // 2)
        asked = [
            *self.ask(rig, 'pod_managers/{}/sync', rig.podms),
            *self.ask(
                rig, 'nodes/{}/action', [node['uuid'] for node in nodes]
            ),
        ]
        self.read_all(rig, nodes)
        ended = [rig.rest.ended(uuid) for uuid in asked]
        rig.wait_for_tasks()
        return [*ended, *map(rig.task, rig.accepted)]

    def ask(self, rig: Rig, path: str, uuids: Sequence[str]) -> list[str]:
        """Ask for the same of all; give the tasks."""
        body = {'Reset': {'Type': 'ForceRestart'}}
        return [
            rig.rest.accepted(
                'POST',
                f'/v1/{path.format(uuid)}',
                body if path.endswith('action') else None,
            )['task_uuid']
            for uuid in uuids
        ]

    def read_all(self, rig: Rig, nodes: Sequence[Any]) -> None:
        """Read what pod managers are asked for at once: that must be 200."""
        for node in nodes:
            live = rig.rest.get(f'/v1/nodes/{node["uuid"]}')
            self.assertIn(live['health_status'], (None, 'Unknown'))
        rig.rest.get('/v1/systems?limit=100')

    def registered(self, rig: Rig) -> Registered:
        """Give what the house knows, that no garbled answer may take away."""
        return {
            'nodes': {
                node['uuid']: node['state']
                for node in rig.rest.get('/v1/nodes')
            },
            'systems': {
                system['uuid'] for system in rig.rest.get('/v1/systems')
            },
            'usage': {
                podm['uuid']: podm['usage']
                for podm in rig.rest.get('/v1/pod_managers')
            },
        }

    def assert_kept(self, before: Registered, after: Registered) -> None:
        for kind in ('systems', 'usage'):
            self.assertEqual(before[kind], after[kind])
        # And what was asked for meanwhile.
        kept = {uuid: after['nodes'].get(uuid) for uuid in before['nodes']}
        self.assertEqual(before['nodes'], kept)

    def make_well(self, rig: Rig) -> None:
        """What was left to a person is cleared up by one."""
        for url in rig.pods.urls:
            rig.pods.set_modes(url, garble=None)
        asked = self.ask(rig, 'pod_managers/{}/sync', rig.podms)
        asked += [
            rig.rest.accepted('DELETE', f'/v1/nodes/{node["uuid"]}')[
                'task_uuid'
            ]
            for node in rig.rest.get('/v1/nodes?state=error')
        ]
        ends = [rig.rest.ended(uuid)['status'] for uuid in asked]
        self.assertEqual({'Completed'}, set(ends))
        # Nothing is left of those at the pod managers.
        known = {node['uuid'] for node in rig.rest.get('/v1/nodes')}
        there = [node for node in rig.pods.made() if node.present]
        self.assertEqual(len(known), len(there))
