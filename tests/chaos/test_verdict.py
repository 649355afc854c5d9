"""Row 0: the judge itself, who must see what is wrong."""

from typing import Any

import testtools

from tests.chaos.rig import verdict
from tests.chaos.rig.load import Reply
from tests.chaos.rig.pods import MadeNode

_HERE, _THERE = 'http://here', 'http://there'


class Judge(testtools.TestCase):
    def test_row_00_all_is_well(self) -> None:
        self.assertEqual('', self.judge().problems())

    def test_row_00_task_without_a_row(self) -> None:
        self.assert_sees('lost', 'task-1', tasks=[])

    def test_row_00_task_that_does_not_end(self) -> None:
        self.assert_sees('lost', 'task-1', tasks=[task('In Progress')])

    def test_row_00_task_that_failed(self) -> None:
        tasks = [task('Failed')]
        self.assert_sees('failed', 'task-1', tasks=tasks, nodes=[], made=[])

    def test_row_00_task_that_may_fail(self) -> None:
        judged = self.judge(tasks=[task('Failed')], nodes=[], made=[])
        self.assertEqual('', judged.problems(failures=True))

    def test_row_00_made_twice_and_deleted_once(self) -> None:
        made = [node(_HERE, present=False), node(_HERE)]
        self.assert_sees('twice', 'valence-node-1', made=made)

    def test_row_00_node_that_nobody_knows(self) -> None:
        stranger = MadeNode(
            url=_HERE, id='9', tags=frozenset(['valence-x']), present=True
        )
        self.assert_sees('orphans', 'valence-x', made=[node(_HERE), stranger])

    def test_row_00_node_that_is_gone(self) -> None:
        made = [node(_HERE, present=False)]
        self.assert_sees('astray', 'task-1', made=made)

    def test_row_00_node_somewhere_else(self) -> None:
        self.assert_sees('astray', 'task-1', made=[node(_THERE)])

    def test_row_00_node_without_a_row(self) -> None:
        self.assert_sees('astray', 'task-1', nodes=[], made=[])

    def assert_sees(self, kind: str, text: str, **different: Any) -> None:
        """It sees this one thing, and nothing else."""
        problems = self.judge(**different).problems()
        self.assertIn(f'1 {kind}:', problems)
        self.assertIn(text, problems)
        heads = [line for line in problems.splitlines() if line[0] != ' ']
        self.assertEqual(1, len(heads), problems)

    def judge(self, **different: Any) -> verdict.Verdict:
        """Judge one task, its node, and what is said to be different."""
        record = {'uuid': 'node-1', 'task_uuid': 'task-1'}
        values = {
            'tasks': [task('Completed')],
            'nodes': [{'uuid': 'node-1', 'podm_id': 'podm-1'}],
            'podms': {'podm-1': _HERE, 'podm-2': _THERE},
            'made': [node(_HERE)],
            **different,
        }
        return verdict.judge([Reply('n', 202, 0.1, 0.0, record)], **values)


def task(status: str) -> dict[str, str]:
    return {'uuid': 'task-1', 'status': status, 'resource_uuid': 'node-1'}


def node(url: str, *, present: bool = True) -> MadeNode:
    tags = frozenset(['words', 'valence-node-1'])
    return MadeNode(url=url, id='1', tags=tags, present=present)
