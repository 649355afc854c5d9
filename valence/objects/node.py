"""A composed node: what only Valence knows of it."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valence.objects import times
from valence.objects.hardware import ComposedNode

_TAG = re.compile(
    r'(?<![\w-])valence-([0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})(?![\w-])'
)


@dataclass(frozen=True, slots=True)
class Node:
    """One row of ``nodes``, with its pointer into ``resources``.

    ``requirements`` is the body's ``properties`` as it was asked for.
    ``project_id`` is empty where there are no projects.
    ``resource_url``, ``index`` and ``system_url`` are None until the node was
    composed.
    ``task_uuid`` names the one task that is changing the node, if any.
    ``tag_uuid`` is in the tag that it carries at its pod manager, where that
    is not its own: an adopted node keeps what its maker wrote.
    """

    uuid: str
    name: str
    description: str
    podm_id: str | None
    resource_uuid: str | None
    resource_url: str | None
    index: str | None
    system_url: str | None
    flavor_uuid: str | None
    requirements: Mapping[str, Any]
    project_id: str
    user_id: str | None
    state: str
    state_reason: str | None
    managed_by: str | None
    host: str | None
    task_uuid: str | None
    tag_uuid: str | None
    created_at: int
    updated_at: int

    @property
    def tagged_as(self) -> str:
        """Give the uuid in its tag."""
        return self.tag_uuid or self.uuid

    @property
    def tag(self) -> str:
        """Give the mark by which the node is found at its pod manager."""
        return node_tag(self.tagged_as)

    def brief(self) -> dict[str, Any]:
        """Give what a list shows of the node."""
        return {
            'uuid': self.uuid,
            'name': self.name,
            'podm_id': self.podm_id,
            'index': self.index,
            'resource_uri': self.resource_url,
            'state': self.state,
            'task_uuid': self.task_uuid,
        }

    def as_dict(self) -> dict[str, Any]:
        """Give all that Valence itself knows of the node."""
        return {
            **self.brief(),
            'description': self.description,
            'resource_uuid': self.resource_uuid,
            'computer_system': self.system_url,
            'flavor_id': self.flavor_uuid,
            'properties': self.requirements,
            'project_id': self.project_id or None,
            'user_id': self.user_id,
            'state_reason': self.state_reason,
            'managed_by': self.managed_by,
            'host': self.host,
            'created_at': times.show(self.created_at),
            'updated_at': times.show(self.updated_at),
        }

    def is_at(self, live: ComposedNode) -> bool:
        """Tell whether what is at its url can be the node itself.

        Pod managers give a url again after a node is gone: then there is the
        tag of another one.
        """
        tag = tagged(live.description, live.name)
        return tag is None or tag == self.tagged_as


def node_tag(uuid: str) -> str:
    return f'valence-{uuid}'


def tagged(*texts: str | None) -> str | None:
    """Give the uuid of the node whose tag is in one of the texts."""
    for text in texts:
        found = _TAG.search(text or '')
        if found is not None:
            return found[1]
    return None
