"""A request that is accepted, for each route that answers 202.

They are for an API behind which nobody works: what they ask for stays as it
is.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from tests.fixtures import rows
from tests.unit.api.test_routes import routes
from valence.db.api import Database, Query
from valence.objects.resource import ResourceType

#: It makes no task: it is about one.
CANCEL = '/v1/tasks/{task}/cancel'
#: Its body names a pod manager.
ADOPT = '/v1/nodes/manage'

_RESET = {'Reset': {'Type': 'ForceOff'}}
_BODIES = {
    '/v1/nodes': {'name': 'n'},
    '/v1/nodes/{node}/action': _RESET,
    '/v1/systems/{system}/action': _RESET,
}


@dataclass(frozen=True, slots=True)
class Accepted:
    """:ivar route: the path as it is documented."""

    method: str
    route: str
    path: str
    body: Any


def requests(database: Database) -> Iterator[Accepted]:
    """Give a request for each route, each about something of its own."""
    for (method, route), known in sorted(routes().items()):
        if known.status == 202:
            body = _BODIES.get(route)
            if route == ADOPT:
                podm = rows.add_pod_manager(database).uuid
                body = {'podm_id': podm, 'node_index': '1'}
            yield Accepted(method, route, _fill(database, route), body)


def _fill(database: Database, path: str) -> str:
    """Put something new into a path."""
    podm = rows.add_pod_manager(database).uuid
    if '{task}' in path:
        return path.replace('{task}', rows.add_task(database))
    if '{node}' in path:
        node = rows.add_node(
            database, podm_id=podm, resource_uuid=rows.new_uuid()
        )
        return path.replace('{node}', node.uuid)
    if '{system}' in path:
        kind = ResourceType.COMPUTER_SYSTEM
        database.resources.add(podm_id=podm, found=[('/s/1', kind)])
        (row,) = database.resources.list(
            query=Query(filters={'podm_id': podm})
        )
        return path.replace('{system}', row.uuid)
    return path.replace('{pod_manager}', podm)
