"""Compares the nodes that we know with those that a pod manager has.

What is found is told, and repaired where that cannot do harm: a node that we
made and have forgotten is deleted there; one that moved is pointed to where it
is; one that is gone is marked as missing, and composed again when it is back.
A node whose tag we know nothing of may be another Valence's: it is only told.
One that was adopted is found by its url, and by the tag that it came with; of
that tag nothing is ever deleted, as others may have made more.
"""

import logging
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from valence.common import exception
from valence.common.states import NodeState
from valence.db.api import Database, Query, Tables
from valence.objects.hardware import ComposedNode
from valence.objects.node import Node, tagged
from valence.objects.pod_manager import PodManager
from valence.podm.base import Compute
from valence.tasks.run import TaskRun

LOG = logging.getLogger(__name__)

Finding = dict[str, Any]

#: States of a node that has its hardware.
_SETTLED = (NodeState.COMPOSED, NodeState.MISSING)


class Reconciler:
    """Looks at one pod manager at a time. Thread-safe."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def reconcile(
        self,
        run: TaskRun,
        podm: PodManager,
        compute: Compute,
        live: Sequence[ComposedNode],
    ) -> list[Finding]:
        """Give what was found amiss, and whether it was repaired.

        :param live: the nodes of the pod manager, as they were just read.
        :raises PodManagerError: if it has to be asked again, and cannot.
        """
        # After the pod manager: what is composed meanwhile is known here.
        known = self._known(podm)
        settled = [
            node
            for node in known.values()
            if node.task_uuid is None and node.state in _SETTLED
        ]
        places = {
            node.uuid: _place(node, live, known.values()) for node in settled
        }
        findings: list[Finding] = []
        for node in settled:
            run.check()
            findings += self._check(node, places[node.uuid], compute)
        for found in live:
            run.check()
            findings += self._stray(found, podm, known, places, compute)
        for finding in findings:
            LOG.warning('%s: %s', podm.name, finding['detail'])
        return findings

    def _known(self, podm: PodManager) -> dict[str, Node]:
        query = Query(filters={'podm_id': podm.uuid})
        return {
            node.uuid: node for node in self._database.nodes.list(query=query)
        }

    def _check(
        self, node: Node, live: ComposedNode | None, compute: Compute
    ) -> list[Finding]:
        """Look whether a node is as we know it."""
        if live is None:
            return self._gone(node, compute)
        if live.url != node.resource_url:
            return self._moved(node, live)
        if node.state == NodeState.MISSING:
            self._settle(node, {'state': NodeState.COMPOSED})
        if live.state != 'Assembled':
            why = f'it is {live.state}'
            return [_finding('drift', node.uuid, live.url, why)]
        if live.system_url != node.system_url:
            self._settle(node, {'system_url': live.system_url})
            why = f'its system is {live.system_url} now'
            return [_finding('drift', node.uuid, live.url, why, repaired=True)]
        return []

    def _gone(self, node: Node, compute: Compute) -> list[Finding]:
        url = node.resource_url
        if url is not None and _is_there(node, url, compute):
            # It was composed after the nodes had been read.
            return []
        why = 'its pod manager does not have it any more'
        if node.state != NodeState.MISSING:
            self._settle(
                node, {'state': NodeState.MISSING, 'state_reason': why}
            )
        return [_finding('missing', node.uuid, url, why)]

    def _moved(self, node: Node, live: ComposedNode) -> list[Finding]:
        """Point to where a node is now, as after a restore from backup."""

        def write(tables: Tables) -> None:
            pointer = tables.resources.ensure(
                podm_id=node.podm_id or '',
                url=live.url,
                resource_type=live.resource_type,
            )
            tables.nodes.update_idle(
                uuid=node.uuid,
                values={
                    'resource_uuid': pointer,
                    'index': live.id,
                    'system_url': live.system_url,
                    'state': NodeState.COMPOSED,
                    'state_reason': None,
                },
            )

        self._database.write(write)
        why = f'it was at {node.resource_url}, and is at {live.url} now'
        return [_finding('moved', node.uuid, live.url, why, repaired=True)]

    def _settle(self, node: Node, values: Mapping[str, Any]) -> None:
        self._database.nodes.update_idle(
            uuid=node.uuid, values={'state_reason': None, **values}
        )

    def _stray(
        self,
        live: ComposedNode,
        podm: PodManager,
        known: Mapping[str, Node],
        places: Mapping[str, ComposedNode | None],
        compute: Compute,
    ) -> list[Finding]:
        """Look whether a node with a tag of ours belongs to somebody."""
        uuid = tagged(live.description, live.name)
        if uuid is None:
            return []
        place = places.get(uuid)
        if place is not None:
            if place.url == live.url:
                return []
            return self._clear(uuid, live, compute, 'it was made twice')
        if uuid in known or self._exists(uuid) or self._came(podm, uuid):
            # Whatever changes it knows better; or it was made just now.
            return []
        if not self._was_ours(uuid):
            why = 'nothing is known of the node that its tag names'
            return [_finding('orphan', uuid, live.url, why)]
        return self._clear(uuid, live, compute, 'the node was given up')

    def _clear(
        self, uuid: str, live: ComposedNode, compute: Compute, why: str
    ) -> list[Finding]:
        compute.delete_node(live.url)
        return [_finding('orphan', uuid, live.url, why, repaired=True)]

    def _exists(self, uuid: str) -> bool:
        try:
            self._database.nodes.get(ident=uuid, project_id=None)
        except exception.NodeNotFound:
            return False
        return True

    def _came(self, podm: PodManager, uuid: str) -> bool:
        """Tell whether a node came with a tag when it was adopted."""
        query = Query(filters={'podm_id': podm.uuid, 'tag_uuid': uuid})
        return bool(self._database.nodes.list(query=query))

    def _was_ours(self, uuid: str) -> bool:
        """Tell whether we composed it, and no task is at it any more."""
        tasks = self._database.tasks.list(
            query=Query(filters={'resource_uuid': uuid})
        )
        return bool(tasks) and all(task.ended for task in tasks)


def _is_there(node: Node, url: str, compute: Compute) -> bool:
    if not compute.has_node(url):
        return False
    try:
        return node.is_at(compute.get_node(url))
    except exception.PodManagerResourceMissing:
        return False


def _place(
    node: Node, live: Sequence[ComposedNode], known: Iterable[Node]
) -> ComposedNode | None:
    """Find a node where it is said to be, else by its tag."""
    for each in live:
        if each.url == node.resource_url and node.is_at(each):
            return each
    for each in live:
        uuid = tagged(each.description, each.name)
        if uuid == node.tagged_as and not _holder(each, known):
            return each
    return None


def _holder(live: ComposedNode, known: Iterable[Node]) -> Node | None:
    """Give the node that is said to be there, and is."""
    for node in known:
        if node.resource_url == live.url and node.is_at(live):
            return node
    return None


def _finding(
    kind: str,
    node: str,
    url: str | None,
    why: str,
    *,
    repaired: bool = False,
) -> Finding:
    return {
        'kind': kind,
        'node_uuid': node,
        'resource_url': url,
        'detail': f'Node {node}: {why}.',
        'repaired': repaired,
    }
