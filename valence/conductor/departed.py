"""Decides which resources of a pod manager are gone.

A walk that did not come everywhere says nothing of what it did not see. So a
row may go only if nothing that failed could have held it; this module is the
rule for that, and all of it. It knows neither a database nor a pod manager.
"""

from collections.abc import Collection, Iterator

from valence.conductor.walked import Walked, base_type, trimmed


def departed(known: Collection[tuple[str, str]], walked: Walked) -> list[str]:
    """Give the urls of the resources that the pod manager has no more.

    What was found is there. Of the rest a resource is gone if

    * no part that failed can hold resources of its type,
    * or it is directly below a part that was read completely and would have
      told resources of its type,
    * or it is anywhere below a resource that is gone.

    It stays, until a walk tells more, in all other cases; and always if the
    walk did not come to its end.

    :param known: ``(resource_url, resource_type)`` of what was there. What is
        added later, as by a composition while the walk goes on, must not be
        among it.
    """
    if not walked.ended:
        return []
    gone: list[str] = []
    places: set[str] = set()
    # Parents are shorter than what is below them.
    for url, resource_type in sorted(known, key=lambda each: len(each[0])):
        if url in walked.found:
            continue
        if _can_be_nowhere(url, resource_type, walked) or any(
            above in places for above in _above(url)
        ):
            gone.append(url)
            places.add(trimmed(url))
    return gone


def _can_be_nowhere(url: str, resource_type: str, walked: Walked) -> bool:
    kind = base_type(resource_type)
    parent = next(_above(url), '')
    return kind not in walked.failed_types or kind in walked.types_read_at(
        parent
    )


def _above(url: str) -> Iterator[str]:
    """Give the paths around a url, innermost first."""
    path = trimmed(url)
    while path:
        path = path.rpartition('/')[0]
        yield path
