"""The judgement: what was accepted, against what pod managers were asked.

It needs nothing but the API and what the pod managers have counted, so it
believes neither the log nor the database of Valence.
"""

import json
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from tests.chaos.rig.load import Reply
from tests.chaos.rig.pods import MadeNode

Record = Mapping[str, Any]

_TAG = 'valence-'
_MOST_SHOWN = 5


@dataclass(frozen=True, slots=True)
class Verdict:
    """What became of the accepted tasks, and of the nodes.

    :ivar lost: accepted tasks that have no row or have not ended.
    :ivar failed: tasks that ended otherwise than Completed.
    :ivar twice: tags for which there ever was more than one node.
    :ivar orphans: nodes at a pod manager that Valence does not know.
    :ivar astray: completed nodes that are not at their pod manager, once.
    :ivar records: the tasks, by their uuid.
    """

    accepted: int
    lost: Sequence[str]
    failed: Sequence[str]
    twice: Sequence[str]
    orphans: Sequence[str]
    astray: Sequence[str]
    records: Mapping[str, Record] = field(repr=False)

    @property
    def figures(self) -> str:
        return (
            f'{self.accepted} accepted, {len(self.lost)} lost, '
            f'{len(self.twice)} twice'
        )

    def problems(self, *, failures: bool = False) -> str:
        """Say what is wrong, with the records of the tasks; empty if nothing.

        :param failures: whether tasks may have failed.
        """
        kinds = ['lost', 'twice', 'orphans', 'astray']
        if not failures:
            kinds.append('failed')
        return '\n'.join(
            self._problem(kind, getattr(self, kind))
            for kind in kinds
            if getattr(self, kind)
        )

    def _problem(self, kind: str, found: Sequence[str]) -> str:
        lines = [f'{len(found)} {kind}:']
        for text in found[:_MOST_SHOWN]:
            shown = [f'    {json.dumps(task)}' for task in self._about(text)]
            lines += [f'  {text}', *shown]
        return '\n'.join(lines)

    def _about(self, text: str) -> list[Record]:
        """Give the tasks whose uuid, or whose node's, is in a text."""
        return [
            task
            for task in self.records.values()
            if task['uuid'] in text or task['resource_uuid'] in text
        ]


def judge(
    accepted: Sequence[Reply],
    *,
    tasks: Iterable[Record],
    nodes: Iterable[Record],
    podms: Mapping[str, str],
    made: Sequence[MadeNode],
) -> Verdict:
    """Compare what was accepted with what there is.

    :param tasks: all that there are. :param nodes: likewise.
    :param podms: urls of the pod managers, by uuid.
    """
    records = {task['uuid']: task for task in tasks}
    rows = {node['uuid']: node for node in nodes}
    counts = Counter(_tag(node) for node in made)
    present = Counter((_tag(node), node.url) for node in made if node.present)
    completed = [
        reply for reply in accepted if _status(records, reply) == 'Completed'
    ]
    return Verdict(
        accepted=len(accepted),
        lost=[
            reply.task_uuid
            for reply in accepted
            if _status(records, reply) in ('', 'In Progress')
        ],
        failed=[
            reply.task_uuid
            for reply in accepted
            if _status(records, reply) in ('Failed', 'Cancelled')
        ],
        twice=[tag for tag, count in counts.items() if tag and count > 1],
        orphans=[
            f'{node.url} {node.id} {_tag(node)}'
            for node in made
            if node.present and _tag(node).removeprefix(_TAG) not in rows
        ],
        astray=[
            reply.task_uuid
            for reply in completed
            if not _in_place(reply.node_uuid, rows, podms, present)
        ],
        records=records,
    )


def _in_place(
    uuid: str,
    rows: Mapping[str, Record],
    podms: Mapping[str, str],
    present: Mapping[tuple[str, str], int],
) -> bool:
    """Tell whether a node is at its pod manager once, and nowhere else."""
    row = rows.get(uuid)
    if row is None:
        return False
    tag = f'{_TAG}{uuid}'
    everywhere = sum(count for key, count in present.items() if key[0] == tag)
    return everywhere == present.get((tag, podms[row['podm_id']]), 0) == 1


def _status(records: Mapping[str, Record], reply: Reply) -> str:
    record = records.get(reply.task_uuid)
    return record['status'] if record else ''


def _tag(node: MadeNode) -> str:
    return next((tag for tag in node.tags if tag.startswith(_TAG)), '')
