"""Events: what pod managers tell by themselves.

The one thing here that is open to everybody. The token in the path says whose
events they are; of the body nothing is believed, and nothing kept.
"""

from collections.abc import Callable, Iterator, Sequence
from typing import Any

from valence.api.controllers.base import Controller, Entry
from valence.api.expose import ROUTE_ATTRIBUTE, expose
from valence.api.request import Answer, Request
from valence.common import exception
from valence.objects.event import look_of

_METHODS = {'POST': 'post'}


class EventsController(Controller):
    """Takes them at ``/v1/events/{pod_manager}/{token}`` and nowhere else."""

    def find(
        self, method: str, parts: Sequence[str], found: list[str]
    ) -> tuple[Callable[..., Any], list[str]]:
        if len(parts) != len(('pod_manager', 'token')):
            raise _not_found()
        return self._method(_METHODS, method), [*found, *parts]

    def walk(self, path: str = '') -> Iterator[Entry]:
        route = getattr(self.post, ROUTE_ATTRIBUTE)
        place = f'{path}/{{pod_manager}}/{{token}}'
        yield Entry('POST', place, self.post, route)

    @expose(None, status=204)
    def post(self, pod_manager: str, token: str, *, req: Request) -> Answer:
        look = look_of(req.json)
        if not self.deps.reception.receive(pod_manager, token, look):
            raise _not_found()
        return Answer(None, status=204)


def _not_found() -> exception.NotFound:
    # Of a path that has a secret in it nothing is repeated.
    return exception.NotFound(detail='There is nothing here.')
