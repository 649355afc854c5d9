"""Pod managers by chance, what they lose, and how a walk sees them.

A tree has collections, whose members have collections of their own. Some
resources are elsewhere: they are told by a part that links to them, as a
system's storage does to the drives of a chassis.
"""

import dataclasses
from collections.abc import Iterator

from hypothesis import strategies

from valence.objects.hardware import Part

#: What can be in a collection, by the name of it; and what can be below.
_KINDS = {
    'Systems': 'ComputerSystem',
    'Chassis': 'Chassis',
    'Processors': 'Processor',
    'Memory': 'Memory',
    'Storage': 'Drive',
}
_AT_ROOT = ('Systems', 'Chassis')
_BELOW = {
    'Systems': ('Processors', 'Memory', 'Storage'),
    'Chassis': ('Chassis', 'Memory'),
}
#: The ids of members.
_IDS = ('1', '2', '3')


@dataclasses.dataclass
class Member:
    url: str
    resource_type: str
    below: list['Collection']


@dataclasses.dataclass
class Collection:
    """A collection; one that links tells what is not below it."""

    url: str
    name: str
    members: list[Member]

    @property
    def types(self) -> frozenset[str]:
        return frozenset(_types(self.name))


def _types(name: str) -> Iterator[str]:
    """Yield the types of all that a collection can hold, or hold below."""
    yield _KINDS[name]
    for each in _BELOW.get(name, ()):
        if each != name:
            yield from _types(each)


def _place(name: str, url: str, number: str) -> str:
    if name == 'Storage':
        system = url.split('/')[-2]
        return f'/r/Enclosures/{system}/Drives/{number}'
    return f'{url}/{number}'


@strategies.composite
def collections(draw, name: str, above: str, depth: int = 0) -> Collection:
    url = f'{above}/{name}'
    members = []
    for number in draw(strategies.sets(strategies.sampled_from(_IDS))):
        place = _place(name, url, number)
        names = _BELOW.get(name, ()) if depth < 2 else ()
        below = [draw(collections(each, place, depth + 1)) for each in names]
        kind = _KINDS[name]
        if kind == 'Chassis':
            kind = f'Chassis/{draw(strategies.sampled_from(["Rack", "Sled"]))}'
        members.append(Member(place, kind, below))
    return Collection(url, name, members)


@strategies.composite
def roots(draw) -> list[Collection]:
    return [draw(collections(name, '/r')) for name in _AT_ROOT]


def resources(tree: list[Collection]) -> Iterator[tuple[str, str]]:
    """Yield the urls and types of all that there is."""
    for collection in tree:
        for member in collection.members:
            yield member.url, member.resource_type
            yield from resources(member.below)


def without(tree: list[Collection], lost: set[str]) -> list[Collection]:
    """Give what is left; with a resource all goes that is below it."""
    return [
        dataclasses.replace(
            collection,
            members=[
                dataclasses.replace(member, below=without(member.below, lost))
                for member in collection.members
                if member.url not in lost
            ],
        )
        for collection in tree
    ]


def places(tree: list[Collection]) -> Iterator[str]:
    """Yield the urls of all that can fail: collections, and members."""
    for collection in tree:
        yield collection.url
        for member in collection.members:
            yield member.url
            yield from places(member.below)


def walk(tree: list[Collection], failing: set[str]) -> Iterator[Part]:
    """Walk as a pod manager lets: what fails hides all that is below."""
    for collection in tree:
        if collection.url in failing:
            # Half of it was read before it failed.
            half = collection.members[: len(collection.members) // 2]
            yield _part(collection, half, error='it failed')
            continue
        yield _part(collection, collection.members)
        for member in collection.members:
            if member.url in failing:
                below = [each.types for each in member.below]
                yield Part(
                    member.url, frozenset().union(*below), error='it failed'
                )
            else:
                yield from walk(member.below, failing)


def _part(
    collection: Collection, members: list[Member], error: str | None = None
) -> Part:
    found = [(member.url, member.resource_type) for member in members]
    return Part(collection.url, collection.types, found, error=error)


def read(tree: list[Collection], failing: set[str]) -> Iterator[Collection]:
    """Yield the collections that a walk reads completely."""
    for collection in tree:
        if collection.url in failing:
            continue
        yield collection
        for member in collection.members:
            if member.url not in failing:
                yield from read(member.below, failing)
