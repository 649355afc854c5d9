"""Lists: filters, pages, order and fields, alike for every collection."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any
from urllib import parse

from valence.api.request import Answer, Request, read_flag
from valence.common import exception

_CONTROLS = ('limit', 'marker', 'sort_key', 'sort_dir', 'fields')


def read_query(
    req: Request,
    *,
    filters: Collection[str],
    sort_keys: Collection[str],
    max_limit: int,
    also: Collection[str] = (),
) -> dict[str, Any]:
    """Read what a list is asked for, in the form of db.api.Query.

    Filters come in the query, or in a JSON body as the original took them.

    :param also: other parameters that the route knows.
    :raises BadRequest: names what is wrong and what is known.
    """
    given = parameters(req)
    known = {*filters, *_CONTROLS, *also}
    for name in given:
        if name not in known:
            raise exception.BadRequest(
                detail=f'Unknown filter {name}; known: '
                f'{", ".join(sorted(known))}.'
            )
    return {
        'filters': {name: given[name] for name in filters if name in given},
        'limit': _limit(given, max_limit),
        'marker': given.get('marker'),
        'sort_key': _one_of(given, 'sort_key', ('created_at', *sort_keys)),
        'sort_dir': _one_of(given, 'sort_dir', ('asc', 'desc')),
    }


def read_type_query(
    req: Request,
    types: str | Sequence[str],
    *,
    max_limit: int,
    also: Collection[str] = (),
) -> dict[str, Any]:
    """Read what a list of resources of some types is asked for.

    :param also: as of :func:`read_query`.
    :raises BadRequest: as of :func:`read_query`.
    """
    query = read_query(
        req,
        filters=('podm_id',),
        sort_keys=(),
        max_limit=max_limit,
        also=also,
    )
    query['filters']['resource_type'] = types
    return query


def parameters(req: Request) -> dict[str, str]:
    """Give the query, with what a body of a GET adds to it.

    :raises BadRequest: if a value of the body is not a scalar.
    """
    given = dict(req.query)
    for name, value in (req.json or {}).items():
        if isinstance(value, dict | list) or value is None:
            raise exception.BadRequest(
                detail=f'{name} must be a string, a number or a boolean.'
            )
        given.setdefault(
            name,
            str(value).lower()
            if value in (True, False) and isinstance(value, bool)
            else str(value),
        )
    return given


def flag(req: Request, name: str) -> bool:
    """Read a parameter that is true or false, from wherever it came.

    :raises BadRequest: if it is neither.
    """
    return read_flag(name, parameters(req))


def answer(
    req: Request,
    items: Sequence[Mapping[str, Any]],
    query: Mapping[str, Any],
    *,
    last: str | None = None,
    full: bool | None = None,
) -> Answer:
    """Give a page with its link to the next one.

    :param last: uuid of the last row, where the items do not tell it.
    :param full: whether there may be more; by default, if the page is full.
    """
    if full is None:
        full = len(items) == query['limit']
        last = items[-1]['uuid'] if items else None
    headers = {}
    if full and last is not None:
        pairs = {**req.query, 'limit': query['limit'], 'marker': last}
        link = f'{req.url}?{parse.urlencode(pairs)}'
        headers['Link'] = f'<{link}>; rel="next"'
    return Answer(_fields(req, items), headers=headers)


def answer_read(
    req: Request, found: Mapping[str, Any], name: str, query: Mapping[str, Any]
) -> Answer:
    """Give a page as a service has read it.

    :param found: the items by this name; in ``last`` the uuid of the last row
        that was looked at, and in ``full`` whether there may be more.
    """
    return answer(
        req, found[name], query, last=found['last'], full=found['full']
    )


def _fields(
    req: Request, items: Sequence[Mapping[str, Any]]
) -> Sequence[Mapping[str, Any]]:
    wanted = parameters(req).get('fields')
    if wanted is None or not items:
        return items
    names = wanted.split(',')
    # Not all items have all fields: a system that is away has few.
    known = set().union(*items)
    for name in names:
        if name not in known:
            raise exception.BadRequest(
                detail=f'Unknown field {name}; known: '
                f'{", ".join(sorted(known))}.'
            )
    return [{name: item.get(name) for name in names} for item in items]


def _limit(given: Mapping[str, str], most: int) -> int:
    value = given.get('limit', str(most))
    if not value.isascii() or not value.isdigit() or not value.strip('0'):
        raise exception.BadRequest(detail='limit must be a positive number.')
    # Of very many digits Python makes no number.
    return min(int(value), most) if len(value) < 20 else most


def _one_of(given: Mapping[str, str], name: str, known: Sequence[str]) -> str:
    value = given.get(name, known[0])
    if value not in known:
        raise exception.BadRequest(
            detail=f'{name} must be one of {", ".join(known)}.'
        )
    return value
