"""Deviations in what changing requests do, and how they are answered."""

import dataclasses
import re
import typing
import weakref

from valence.simulator import errors, exchange
from valence.simulator import layout as layouts
from valence.simulator.modes import rewriting
from valence.simulator.modes.deviations import base

_CREATED = 201
_NO_CONTENT = 204
_NOT_FOUND = 404

_COMPOSE = frozenset({'Allocate', 'CompositionService.Compose', 'Systems'})
_NODE = re.compile(f'{layouts.ROOT}/Nodes/[^/]+/?', re.IGNORECASE)
_GHOSTS = 1000

_SUCCESS = {
    'error': {
        'code': 'Base.1.0.ExtendedInfo',
        'message': 'See @Message.ExtendedInfo for more information.',
        '@Message.ExtendedInfo': [
            {
                'MessageId': 'Base.1.0.Success',
                'Message': 'Successfully Completed Request',
            }
        ],
    }
}


class AbsoluteLocation(base.Deviation):
    """``Location`` has scheme and host."""

    name = 'absolute_location'
    excludes = 'Location'

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Add them."""
        place = reply.headers.get('Location')
        host = call.headers.get('Host', '')
        return rewriting.placed(
            reply, place and f'{call.scheme}://{host}{place}'
        )


class NoLocation(base.Deviation):
    """There is no ``Location``."""

    name = 'no_location'
    excludes = 'Location'

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Leave it out."""
        return rewriting.placed(reply, None)


class _Composing(base.Deviation):
    """What made a node, or a system, does not answer 201."""

    excludes = 'the answer to composing'
    status: typing.ClassVar[int]

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Answer with another status and, as a rule, without a body."""
        action = base.path_of(call).rpartition('/')[2]
        made = call.method == 'POST' and reply.status == _CREATED
        if not made or action not in _COMPOSE:
            return reply
        document = self.made(call, reply.headers.get('Location', ''))
        return exchange.Reply(self.status, document, reply.headers)

    def made(self, call: exchange.Call, path: str) -> base.Json | None:
        """Return the body."""


class Compose204(_Composing):
    """Composing answers 204, with a Location."""

    name = 'compose_204'
    status = 204


class Compose200(_Composing):
    """Composing answers 200, with what was made."""

    name = 'compose_200'
    status = 200

    def made(self, call: exchange.Call, path: str) -> base.Json | None:
        """Return what was made."""
        return base.read(call, path)


class Compose202(_Composing):
    """Composing answers 202; its Location is of what was made, no task."""

    name = 'compose_202'
    status = 202


class Delete200(base.Deviation):
    """DELETE answers 200, with a body that is not an object."""

    name = 'delete_200'

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Answer with a string."""
        if call.method != 'DELETE' or reply.status != _NO_CONTENT:
            return reply
        return exchange.Reply(200, 'Deleted', reply.headers)


class Ghosts(base.Deviation):
    """What was deleted is in no collection, and answers as it last was."""

    name = 'ghosts'

    def __init__(self) -> None:
        self._last: weakref.WeakKeyDictionary[
            typing.Any, dict[str, base.Json]
        ] = weakref.WeakKeyDictionary()

    def before(self, call: exchange.Call) -> None:
        """Remember what is about to be deleted."""
        last = self._of(call)
        if call.method != 'DELETE' or not call.changes:
            return
        document = base.read(call, call.path)
        if document is not None:
            last[base.path_of(call)] = document
        if len(last) > _GHOSTS:
            del last[next(iter(last))]

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Show what is no more."""
        if call.method != 'GET' or reply.status != _NOT_FOUND:
            return reply
        document = self._of(call).get(base.path_of(call))
        return exchange.Reply(document=document) if document else reply

    def _of(self, call: exchange.Call) -> dict[str, base.Json]:
        return self._last.setdefault(call.pod, {})


class PatchNode405(base.Deviation):
    """A node cannot be changed with PATCH; its system can."""

    name = 'patch_node_405'

    def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Answer 405."""
        if call.method != 'PATCH' or not _NODE.fullmatch(call.path):
            return None
        allowed = ('DELETE', 'GET', 'HEAD')
        return exchange.refusal(errors.wrong_method('PATCH', allowed))


class LatePower(base.Deviation):
    """A reset changes the power seconds after its answer.  The pod looks."""

    name = 'late_power'


class OnceContinuous(base.Deviation):
    """A boot override of ``Once`` is read as ``Continuous``."""

    name = 'once_continuous'

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Show that."""
        return rewriting.changed(document, _continuous)


def _continuous(name: str, value: typing.Any) -> typing.Any:
    once = name == 'BootSourceOverrideEnabled' and value == 'Once'
    return 'Continuous' if once else value


class Reset200(base.Deviation):
    """A reset answers 200, with the body of an error that tells success."""

    name = 'reset_200'

    def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Answer with the body."""
        resets = base.path_of(call).endswith('.Reset')
        if not resets or reply.status != _NO_CONTENT:
            return reply
        return dataclasses.replace(reply, status=200, document=_SUCCESS)
