"""The mode in which a pod does as real servers do."""

import typing

from valence.simulator import exchange
from valence.simulator.modes import base, deviations, rewriting

LATE_POWER_MS = 2000


class Deviate(base.Mode):
    """The names of ways in which real servers deviate."""

    name = 'deviate'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the names; true is for all that go together."""
        names = deviations.names(self.name, value)
        self._deviations = [deviations.ALL[each]() for each in names]
        return names

    async def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Return the first answer that one of them gives."""
        for each in self._deviations:
            reply = each.before(call)
            if reply is not None:
                return reply
        return None

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Let each of them change the answer, the innermost first."""
        reply = rewriting.opened(reply)
        for each in reversed(self._deviations):
            reply = each.after(call, reply)
        return reply
