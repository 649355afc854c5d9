"""Modes in which a request is not acted upon."""

import asyncio
import typing

from valence.simulator import errors, exchange
from valence.simulator.modes import base, values


class Dead(base.Mode):
    """The port is closed.  The listener looks at it."""

    name = 'dead'

    async def before(self, call: exchange.Call) -> None:
        """Reset a connection that was made while the port was closed."""
        raise base.Disconnect(reset=True)


class Away(base.Mode):
    """Nobody answers: each connection is closed when a request arrives."""

    name = 'away'

    async def before(self, call: exchange.Call) -> None:
        """Close the connection."""
        raise base.Disconnect


class Hang(base.Mode):
    """Requests are accepted and never answered, nor acted upon."""

    name = 'hang'

    async def before(self, call: exchange.Call) -> None:
        """Wait for the client, or the simulator, to give up."""
        await asyncio.get_running_loop().create_future()


class Status(base.Mode):
    """Each request is answered with this status and not acted upon."""

    name = 'status'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the status, from 200 to 599."""
        if not values.is_status(value):
            raise ValueError('status must be an HTTP status code.')
        return value

    async def before(self, call: exchange.Call) -> exchange.Reply:
        """Answer with an error body, as an error of the pod manager."""
        return exchange.refusal(errors.unknown_exception(self.value))


class Burst(base.Mode):
    """A share of the requests meets a service that is not well."""

    name = 'burst'

    _FIELDS: typing.ClassVar[values.Fields] = {
        'share': (values.chance, 1),
        'statuses': (values.error_statuses, [500, 502, 503, 429]),
        'retry_after': (values.retry_after, None),
    }

    def parse(self, value: typing.Any) -> typing.Any:
        """Return all fields."""
        return values.fields(self.name, value, self._FIELDS)

    async def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Answer with an error, or let the request pass."""
        chance = call.pod.chance
        if call.is_session or not chance.happens(self.value['share']):
            return None
        status = chance.random.choice(self.value['statuses'])
        headers = exchange.retry_after(self.value['retry_after'])
        return exchange.refusal(errors.unwell(status, headers))
