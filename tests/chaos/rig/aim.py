"""Which pod managers are asked, and where they are said to be."""

import itertools
from collections.abc import Iterator, Sequence

from tests.chaos.rig import load
from tests.chaos.rig.rig import Rig

_numbers = itertools.count()


def clients(
    rig: Rig, podms: Sequence[str | None], count: int = 8, **query: float
) -> load.Clients:
    """Give clients of which the rig knows what they were told.

    :param podms: uuids, asked for in turn; None leaves the choice to us.
    :param query: of the requests, such as their ``deadline``.
    """

    def bodies() -> Iterator[load.Body]:
        for podm in itertools.cycle(podms):
            body = {'name': f'aimed-{next(_numbers)}'}
            yield {**body, 'podm_id': podm} if podm else body

    made = load.Clients(rig.stack.url, bodies().__next__, count, query=query)
    made.all = rig.clients.all
    return made


def point_at(rig: Rig, urls: Sequence[str]) -> None:
    """Let the records of the pod managers name other urls."""
    for podm, url in zip(rig.podms, urls, strict=True):
        path = f'/v1/pod_managers/{podm}'
        answer = rig.rest.request('PATCH', path, {'url': url})
        assert answer.status_code == 200, answer.text
