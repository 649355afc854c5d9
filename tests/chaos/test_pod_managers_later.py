"""Row 26: pod managers that accept a change, and say little true of it.

A monitor's word is no proof: what became of a change is seen at what it was
for.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from tests.chaos.rig import aim, chance
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.rig import Rig

_MONITORS = ('usual', 'gone', 'gone410', 'early', 'lingers', 'bare', 'fails')
_RETRY_AFTER = (1, 'date')
#: Share of the pod managers that do all of their work later.
_SHARE = 0.3
#: Nodes that each of those has from before.
_BEFORE = 2


class Monitors(ChaosCase):
    def test_row_26_monitors(self) -> None:
        pods = chance.scale(50, 24)
        count = chance.scale(1000, 96)
        rig = self.new_rig(pods=pods, nodes=count + _BEFORE * pods)
        liars = self.choose(rig)
        early = aim.clients(rig, list(liars)).compose(_BEFORE * len(liars))
        rig.wait_for_tasks()
        self.make_lie(rig, liars)

        rig.compose(count)
        verdict = self.judge(rig, failures=True)
        known = {reply.task_uuid for reply in early.replies}
        composed = {
            reply.task_uuid: verdict.records[reply.task_uuid]['status']
            == _expected(liars.get(str(reply.record['podm_id'])))
            for reply in rig.accepted
            if reply.task_uuid not in known
        }
        deleted = self.delete(rig, liars)
        accepted = sum(
            rig.pods.stats(url)['redfish_tasks'] for url in rig.pods.urls
        )
        self.note(
            f'{verdict.figures}; right: {sum(composed.values())} of '
            f'{len(composed)} composed, {sum(deleted.values())} of '
            f'{len(deleted)} deleted; {accepted} changes accepted'
        )
        self.assertEqual([], [uuid for uuid in composed if not composed[uuid]])
        self.assertEqual([], [uuid for uuid in deleted if not deleted[uuid]])
        # Else nothing was shown.
        self.assertGreater(accepted, count // 10)

    def choose(self, rig: Rig) -> Mapping[str, str]:
        """Choose pod managers, and how their monitors are, by uuid."""
        most = round(_SHARE * len(rig.podms))
        chosen = self.random.sample(rig.podms, most)
        return {
            podm: _MONITORS[number % len(_MONITORS)]
            for number, podm in enumerate(chosen)
        }

    def make_lie(self, rig: Rig, liars: Mapping[str, str]) -> None:
        for number, (podm, monitor) in enumerate(liars.items()):
            rig.pods.set_modes(
                rig.pods.urls[rig.podms.index(podm)],
                accept={
                    'ms': [300, 1500],
                    'monitor': monitor,
                    'retry_after': _RETRY_AFTER[number % len(_RETRY_AFTER)],
                },
            )

    def delete(self, rig: Rig, liars: Mapping[str, str]) -> dict[str, bool]:
        """Delete the nodes of those pod managers; tell what was right."""
        nodes = self.nodes(rig, liars)
        tasks = [
            rig.rest.accepted('DELETE', f'/v1/nodes/{node["uuid"]}')
            for node in nodes
        ]
        ends = [rig.rest.ended(task['task_uuid'])['status'] for task in tasks]
        there = {
            tag.removeprefix('valence-')
            for node in rig.pods.made()
            for tag in node.tags
            if node.present
        }
        known = {node['uuid'] for node in self.nodes(rig, liars)}
        found = {}
        for node, end in zip(nodes, ends, strict=True):
            uuid, kept = node['uuid'], end == 'Failed'
            found[uuid] = (
                end == _expected(liars[node['podm_id']])
                and (uuid in there) == (uuid in known) == kept
            )
        return found

    def nodes(self, rig: Rig, podms: Iterable[str]) -> list[Any]:
        return [
            node
            for podm in podms
            for node in rig.rest.get(f'/v1/nodes?podm_id={podm}')
        ]


def _expected(monitor: str | None) -> str:
    """Give how what a pod manager was told to do ends there."""
    return 'Failed' if monitor == 'fails' else 'Completed'
