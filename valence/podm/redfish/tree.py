"""Which chassis is in which, whatever the pod manager says.

It is told in three ways, some of which are missing: a chassis links to what
it is contained by, or to what it contains (DMTF DSP8010, Chassis), or gives
its own place and that of its parent (Intel RSD's ``Location``). Links may
lead nowhere, and round in circles.
"""

from collections.abc import Mapping, Sequence

from valence.objects.resource import url_key
from valence.podm.redfish import parse
from valence.podm.redfish.service import OEM


def parents(chassis: Sequence[parse.Document]) -> dict[str, str | None]:
    """Give the path of what each chassis is in, by its own path.

    What is not among these is nothing; and no way is a circle: one that
    would be is cut above the first of these that is in it.
    """
    known = {url_key(each.path): each.path for each in chassis}
    around: dict[str, str] = {}
    places: dict[str, str] = {}
    for each in chassis:
        for inner in each.find_links('Links', 'Contains'):
            around.setdefault(url_key(inner), each.path)
        place = each.text(*OEM, 'Location', 'Id')
        if place is not None:
            places.setdefault(place, each.path)

    def parent(each: parse.Document) -> str | None:
        told = each.find_link('Links', 'ContainedBy') or ''
        ways = (
            known.get(url_key(told)),
            around.get(url_key(each.path)),
            places.get(each.text(*OEM, 'Location', 'ParentId') or ''),
        )
        return next(
            (way for way in ways if way not in (None, each.path)), None
        )

    return _without_circles({each.path: parent(each) for each in chassis})


def _without_circles(told: Mapping[str, str | None]) -> dict[str, str | None]:
    sure: dict[str, str | None] = {}
    for start in told:
        way: list[str] = []
        here: str | None = start
        while here is not None and here not in sure:
            sure[here] = told[here]
            way.append(here)
            here = told[here]
        if here in way:
            sure[here] = None
    return sure
