"""Racks as the API shows them: chassis, with all systems that are in them."""

from typing import Any

from valence.compute import chassis
from valence.compute.chassis import Forest
from valence.objects import times
from valence.objects.resource import Resource, chassis_type

TYPE = chassis_type('Rack')


def show(row: Resource, forest: Forest, *, detail: bool) -> dict[str, Any]:
    """Give a rack in the API's shape; see :func:`.chassis.show`."""
    rack = forest.find(row)
    more = chassis.detail(rack) if detail else {}
    return {
        'uuid': row.uuid,
        'podm_id': row.podm_id,
        'resource_uri': row.resource_url,
        'id': rack and rack.id,
        'name': rack and rack.name,
        **more,
        'systems': rack and forest.all_systems(rack),
        'observed_at': times.show(rack and rack.observed_at),
    }
