"""Faults that one request meets, and others do not: beyond the modes."""

import itertools
from collections.abc import Callable

import orjson

from valence.simulator import errors, exchange, modes
from valence.simulator.pod import Pod

#: What is in the method and path of a request.
ALLOCATE = 'POST /redfish/v1/Nodes/Actions/Allocate'
ASSEMBLE = 'ComposedNode.Assemble'
DELETE = 'DELETE '
EMPTY = {'@odata.id': '/redfish/v1/Nodes', 'Members': []}
MONITOR = '/Monitor'
NODES = 'GET /redfish/v1/Nodes'

#: Raised by who meddles: nobody learns what became of the request.
LOST = modes.Disconnect(reset=True)

_numbers = itertools.count(1)

Before = Callable[[exchange.Call], exchange.Reply | None]
After = Callable[[exchange.Call, exchange.Reply], exchange.Reply]


class Meddler(modes.Mode):
    """Does to each request, and to each answer, what a test wants."""

    name = 'meddler'

    def __init__(self, before: Before | None, after: After | None) -> None:
        super().__init__(True)
        self._before = before
        self._after = after

    async def before(self, call: exchange.Call) -> exchange.Reply | None:
        return None if self._before is None else self._before(call)

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        return reply if self._after is None else self._after(call, reply)


def meddle(
    pod: Pod, before: Before | None = None, after: After | None = None
) -> None:
    """Meddle with requests and answers, until modes are set again.

    Who meddles first is asked first.

    :param before: may answer, or raise, instead of the pod manager.
    :param after: may answer, or raise, although it has acted.
    """
    meddler = f'{Meddler.name} {next(_numbers)}'
    pod.modes = {**pod.modes, meddler: Meddler(before, after)}


def name(call: exchange.Call) -> str:
    return f'{call.method} {call.path}'


def record(pod: Pod) -> list[str]:
    """Give a list that the requests from now on are added to."""
    seen: list[str] = []
    meddle(pod, before=lambda call: seen.append(name(call)))
    return seen


def accept_only(pod: Pod, what: str, **values: object) -> None:
    """Accept as Redfish tasks what has this in its method and path.

    :param values: of the mode ``accept``.
    """
    mode = modes.parse_all({'accept': values})['accept']
    assert mode is not None

    def choose(call: exchange.Call) -> None:
        others = {**pod.modes}
        others.pop('accept', None)
        if what in name(call):
            others['accept'] = mode
        pod.modes = others

    meddle(pod, before=choose)


def lose(pod: Pod, what: str, times: int = 1, *, acted: bool) -> list[str]:
    """Leave the first so many of some requests without an answer.

    :param acted: whether the pod manager does what they ask for.
    :returns: where they are noted.
    """
    lost: list[str] = []

    def drop(call: exchange.Call) -> None:
        if what in name(call) and len(lost) < times:
            lost.append(name(call))
            raise LOST

    def after(call: exchange.Call, reply: exchange.Reply) -> exchange.Reply:
        drop(call)
        return reply

    if acted:
        meddle(pod, after=after)
    else:
        meddle(pod, before=drop)
    return lost


def answer(
    pod: Pod, what: str, status: int, times: int = 1, *, acted: bool = False
) -> list[str]:
    """Answer the first so many of some requests with an error.

    :param acted: whether the pod manager does what they ask for.
    :returns: where they are noted.
    """
    answered: list[str] = []

    def error(call: exchange.Call) -> exchange.Reply | None:
        if what not in name(call) or len(answered) >= times:
            return None
        answered.append(name(call))
        return exchange.refusal(errors.unwell(status, {}))

    if acted:
        meddle(pod, after=lambda call, reply: error(call) or reply)
    else:
        meddle(pod, before=error)
    return answered


def hide_nodes(pod: Pod, times: int) -> None:
    """Leave all nodes out of the first so many searches for one."""
    hidden: list[str] = []

    def after(call: exchange.Call, reply: exchange.Reply) -> exchange.Reply:
        # By its query, and not to see where to ask for one.
        if name(call) == NODES and call.query and len(hidden) < times:
            hidden.append(call.query)
            return exchange.Reply(200, EMPTY)
        return reply

    meddle(pod, after=after)


def break_reads(pod: Pod, path: str) -> None:
    """Have nothing that can be used come of what is read there."""

    def garble(call: exchange.Call, reply: exchange.Reply) -> exchange.Reply:
        if call.method == 'GET' and call.path == path:
            return exchange.Reply(document=[])
        return reply

    meddle(pod, after=garble)


def never_ends(pod: Pod) -> None:
    """Have monitors say for ever that what they tell of goes on."""

    def go_on(call: exchange.Call, reply: exchange.Reply) -> exchange.Reply:
        return exchange.Reply(202) if MONITOR in call.path else reply

    meddle(pod, after=go_on)


def haunt(pod: Pod) -> None:
    """Have nodes that are deleted still answer, as seen in the field."""
    ghosts: dict[str, exchange.Reply] = {}
    seen: dict[str, exchange.Reply] = {}

    def before(call: exchange.Call) -> exchange.Reply | None:
        return ghosts.get(call.path) if call.method == 'GET' else None

    def after(call: exchange.Call, reply: exchange.Reply) -> exchange.Reply:
        if call.method == 'GET':
            seen[call.path] = reply
        elif call.method == 'DELETE' and reply.status < 300:
            ghosts[call.path] = seen[call.path]
        return reply

    meddle(pod, before, after)


def without_nodes(pod: Pod) -> None:
    """Have a service root without nodes, as while their service starts."""

    def leave_out(
        call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        if call.path.rstrip('/') != '/redfish/v1':
            return reply
        kept = {
            key: value
            for key, value in orjson.loads(reply.content()).items()
            if key not in ('Nodes', 'Oem')
        }
        return exchange.Reply(document=kept)

    meddle(pod, after=leave_out)
