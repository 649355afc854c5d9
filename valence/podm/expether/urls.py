"""The urls of what an ExpEther manager holds.

A device's url is its path there. A node's is that of its EESV and says
besides in which group it is: the url of a node that is gone never means the
next one on the same EESV.
"""

import re
import urllib.parse
from dataclasses import dataclass

from valence.podm.expether.devices import ID

_DEVICE = re.compile(rf'/devices/({ID})$')
_NODE = re.compile(
    rf'/devices/(?P<eesv>{ID})\?group_id=(?P<group>\d{{1,4}})'
    r'(?:&wanted=(?P<wanted>[^&]*))?$'
)


@dataclass(frozen=True, slots=True)
class Place:
    """Where a node is, or shall be.

    :ivar wanted: of which kinds its EEIOs shall be, in the order that they
        were asked for; None for a node that is there, whatever it has.
    """

    eesv: str
    group: int
    wanted: tuple[str, ...] | None = None


def device_url(base: str, identity: str) -> str:
    """Give the url of a device.

    :param base: path of the manager, for example ``/eem``.
    """
    return f'{base}/devices/{identity}'


def node_url(base: str, place: Place) -> str:
    """Give the url of a node."""
    url = f'{device_url(base, place.eesv)}?group_id={place.group}'
    if place.wanted is None:
        return url
    words = ','.join(urllib.parse.quote(kind) for kind in place.wanted)
    return f'{url}&wanted={words}'


def device_id(url: str) -> str | None:
    """Give the id of a device; None if the url is not one's."""
    found = _DEVICE.search(url)
    return found and found[1]


def read_place(url: str) -> Place | None:
    """Give the place that a node's url says; None if it is not one's."""
    found = _NODE.search(url)
    if found is None:
        return None
    wanted = found['wanted']
    words = () if not wanted else tuple(wanted.split(','))
    return Place(
        found['eesv'],
        int(found['group']),
        None if wanted is None else tuple(map(urllib.parse.unquote, words)),
    )
