"""A node in detail: what Valence knows, and what its pod manager tells."""

from typing import Any

from valence.common import exception
from valence.db.api import Database
from valence.objects import times
from valence.objects.hardware import ComposedNode
from valence.objects.node import Node
from valence.podm.pool import Pool


def detail(database: Database, pool: Pool, node: Node) -> dict[str, Any]:
    """Give a node as the API shows it alone.

    A pod manager that is away costs the live part, and says why.
    """
    if node.podm_id is None or node.resource_url is None:
        return _merge(node, None, None)
    try:
        podm = database.pod_managers.get(ident=node.podm_id)
        live = pool.get(podm).compute.get_node_detail(node.resource_url)
    except exception.ValenceError as error:
        return _merge(node, None, error.detail)
    return _merge(node, live, None)


def _merge(
    node: Node, live: ComposedNode | None, unknown: str | None
) -> dict[str, Any]:
    if live is None:
        return {
            **node.as_dict(),
            'health_status': 'Unknown',
            'status_reason': unknown,
            'observed_at': None,
        }
    target = live.boot.get('BootSourceOverrideTarget')
    return {
        'node_state': live.state,
        'node_power_state': live.power_state,
        'health_status': live.health,
        'boot_source': target,
        'target_boot_source': target,
        'computer_system': live.system_url,
        'metadata': {
            'processor': live.processors,
            'memory': live.memory,
            'network': live.interfaces,
        },
        'observed_at': times.show(live.observed_at),
        **node.as_dict(),
    }
