"""Row 27: nodes that vanish at their pod managers behind our back."""

import time
from collections.abc import Callable, Mapping

from tests.chaos.rig import chance, faults
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.pods import MadeNode
from tests.chaos.rig.rig import Rig

#: Seconds between two syncs; it differs by a fifth.
_SYNC = 5
_PERIOD = 1.2 * _SYNC
#: Seconds that a sync itself may take, on a machine that does all else, too.
_GRACE = 3
_SHARE = 0.1


class Vanished(ChaosCase):
    def test_row_27_nodes_vanish(self) -> None:
        count = chance.scale(1000, 60)
        rig = self.new_rig(
            pods=chance.scale(50, 6),
            nodes=count,
            more={'conductor': [f'sync_interval = {_SYNC}']},
        )
        rig.compose(count)
        self.judge(rig)
        self.assertEqual({}, self.found(rig))
        gone = self.take_away(rig, round(_SHARE * count))
        wanted = dict.fromkeys(gone, 'missing')
        seen = self.seconds_until(
            lambda: (
                self.missing(rig) == set(gone) and self.found(rig) == wanted
            )
        )
        places = {
            uuid: self.give_back(rig, node) for uuid, node in gone.items()
        }
        back = self.seconds_until(lambda: not self.missing(rig))
        self.note(
            f'{len(gone)} of {count} vanished: all seen after {seen:.1f} s, '
            f'with syncs each {_SYNC} s; they came back: seen after '
            f'{back:.1f} s'
        )
        self.assertLess(max(seen, back), _PERIOD + _GRACE)
        for uuid, place in places.items():
            node = rig.rest.get(f'/v1/nodes/{uuid}')
            known = node['state'], node['index'], node['health_status']
            self.assertEqual(('composed', place, 'OK'), known)

    def take_away(self, rig: Rig, count: int) -> Mapping[str, MadeNode]:
        """Let nodes vanish; give them by uuid."""
        gone = self.random.sample(rig.pods.made(), count)
        for node in gone:
            rig.pods.forget(node.url, node.id)
        return {_uuid(node): node for node in gone}

    def give_back(self, rig: Rig, node: MadeNode) -> str:
        """Make it anew, as from a backup; give its new id."""
        return rig.pods.appear(node.url, description=' '.join(node.tags))

    def seconds_until(self, condition: Callable[[], bool]) -> float:
        start = time.monotonic()
        self.assertTrue(faults.wait_until(condition, 3 * _PERIOD))
        return time.monotonic() - start

    def missing(self, rig: Rig) -> set[str]:
        """Give the nodes that are said to be missing themselves."""
        nodes = rig.rest.get('/v1/nodes?state=missing')
        return {node['uuid'] for node in nodes}

    def found(self, rig: Rig) -> dict[str, str]:
        """Give what pod managers are said to have lost, and more."""
        return {
            finding['node_uuid']: finding['kind']
            for podm in rig.rest.get('/v1/pod_managers')
            for finding in podm['findings']
        }


def _uuid(node: MadeNode) -> str:
    (tag,) = node.tags
    return tag.removeprefix('valence-')
