"""Chassis as the API shows them, with what each is in, and what is in it."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from valence.objects import times
from valence.objects.hardware import Chassis
from valence.objects.resource import Resource, url_key
from valence.podm.live import Told


class Forest:
    """The chassis of one pod manager, as it told them.

    :param uuids: of chassis and systems, by the keys of their urls.
    """

    def __init__(
        self, found: Told[Sequence[Chassis]], uuids: Mapping[str, str]
    ) -> None:
        self._uuids = uuids
        self._is_current = found.error is None
        self._known = {url_key(each.url): each for each in found.value or ()}
        self._inside: dict[str, list[str]] = {}
        for own, each in self._known.items():
            if each.parent_url is not None:
                self._inside.setdefault(url_key(each.parent_url), []).append(
                    own
                )

    def find(self, row: Resource) -> Chassis | None:
        return self._known.get(url_key(row.resource_url))

    def health(self, chassis: Chassis | None) -> str | None:
        """Give how a chassis is now; what was told before is no answer."""
        if chassis is None or not self._is_current:
            return 'Unknown'
        return chassis.health

    def parent(self, chassis: Chassis) -> str | None:
        """Give the uuid of the chassis that one is in, if it is known."""
        if chassis.parent_url is None:
            return None
        return self._uuids.get(url_key(chassis.parent_url))

    def children(self, chassis: Chassis) -> list[str]:
        """Give the uuids of the chassis right in one."""
        return self._only_known(self._inside.get(url_key(chassis.url), ()))

    def systems(self, chassis: Chassis) -> list[str]:
        """Give the uuids of the systems right in a chassis."""
        return self._only_known(map(url_key, chassis.system_urls))

    def all_systems(self, chassis: Chassis) -> list[str]:
        """Give the uuids of the systems in a chassis and in what is in it."""
        inside = [self._known[own] for own in self._downwards(chassis)]
        urls = [url for each in inside for url in each.system_urls]
        return self._only_known(map(url_key, urls))

    def _downwards(self, chassis: Chassis) -> Iterable[str]:
        # A driver may tell circles, though it should not.
        seen: dict[str, None] = {}
        ahead = [url_key(chassis.url)]
        while ahead:
            here = ahead.pop()
            if here not in seen:
                seen[here] = None
                ahead += reversed(self._inside.get(here, ()))
        return seen

    def _only_known(self, keys: Iterable[str]) -> list[str]:
        found = dict.fromkeys(map(self._uuids.get, keys))
        return [uuid for uuid in found if uuid is not None]


def show(row: Resource, forest: Forest) -> dict[str, Any]:
    """Give a chassis in the API's shape.

    What its pod manager does not tell, or has not told lately, is None.
    """
    chassis = forest.find(row)
    return {
        'uuid': row.uuid,
        'podm_id': row.podm_id,
        'resource_uri': row.resource_url,
        'kind': row.resource_type.partition('/')[2] or None,
        'id': chassis and chassis.id,
        'name': chassis and chassis.name,
        **detail(chassis),
        'health': forest.health(chassis),
        'parent_uuid': chassis and forest.parent(chassis),
        'children': chassis and forest.children(chassis),
        'systems': chassis and forest.systems(chassis),
        'observed_at': times.show(chassis and chassis.observed_at),
    }


def detail(chassis: Chassis | None) -> dict[str, Any]:
    """Give what is written on a chassis, and where it is."""
    return {
        'description': chassis and chassis.description,
        'manufacturer': chassis and chassis.manufacturer,
        'model': chassis and chassis.model,
        'serial_number': chassis and chassis.serial_number,
        'location': chassis and chassis.location,
    }
