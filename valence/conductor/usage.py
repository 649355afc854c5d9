"""Counts what a pod manager holds, and what of it is free."""

from collections.abc import Callable, Collection, Iterable, Mapping

from valence.conductor.walked import trimmed
from valence.objects.hardware import Size

Number = int | float

#: What of a system's size is told under which name.
_FIGURES: Mapping[str, Callable[[Size], Number | None]] = {
    'cores': lambda size: size.cores,
    'memory_gib': lambda size: size.ram_gib,
    'drives': lambda size: size.drives,
}


def count(
    systems: Collection[str],
    sizes: Mapping[str, Size],
    *,
    taken: Iterable[str | None],
    composed_nodes: int,
    capacity: int | None,
) -> dict[str, Number | None]:
    """Give the ``usage`` of a pod manager.

    A figure is None where no system tells it; those that do not tell theirs
    are left out of it.

    :param systems: urls of all that there are.
    :param sizes: of those that were read, by their urls.
    :param taken: urls of the systems of nodes, whosever they are.
    :param capacity: None where nodes are made of the systems.
    """
    places = {trimmed(url) for url in taken if url is not None}
    free = [url for url in systems if trimmed(url) not in places]
    usage: dict[str, Number | None] = {
        'systems': len(systems),
        'free_systems': len(free),
    }
    for name, figure in _FIGURES.items():
        usage[name] = _sum(systems, sizes, figure)
        usage[f'free_{name}'] = _sum(free, sizes, figure)
    usage['composed_nodes'] = composed_nodes
    return usage if capacity is None else {**usage, 'capacity': capacity}


def _sum(
    systems: Collection[str],
    sizes: Mapping[str, Size],
    figure: Callable[[Size], Number | None],
) -> Number | None:
    told = [
        number
        for url in systems
        if url in sizes and (number := figure(sizes[url])) is not None
    ]
    if systems and not told:
        return None
    return round(sum(told), 1)
