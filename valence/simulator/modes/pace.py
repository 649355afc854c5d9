"""Modes that make things take their time."""

import asyncio
import typing

from valence.simulator import exchange
from valence.simulator.modes import base, values


class AssemblyTime(base.Mode):
    """How long assembling takes.  The assembly looks at it."""

    name = 'assembly_ms'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the number."""
        return values.milliseconds(self.name, value)


class ReservationTime(base.Mode):
    """How long a resource block stays reserved.  The holds look at it."""

    name = 'reservation_ms'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the number."""
        return values.milliseconds(self.name, value)


class ActTime(base.Mode):
    """How long a changing request takes to act.  The pipeline looks at it."""

    name = 'act_ms'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the number, or the least and the most."""
        return values.span(self.name, value)


class PowerTime(base.Mode):
    """How long after its answer a reset takes effect.  The pod looks."""

    name = 'power_ms'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the number, or the least and the most."""
        return values.span(self.name, value)


class Latency(base.Mode):
    """How long each answer waits, after what it tells has happened."""

    name = 'latency_ms'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the number."""
        return values.milliseconds(self.name, value)

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Wait, without keeping others waiting."""
        if self.value:
            await asyncio.sleep(self.value / 1000)
        return reply


class Drip(base.Mode):
    """How many bytes of a body go out a second.  The sender looks at it."""

    name = 'drip'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the rate."""
        return values.rate(self.name, value)
