"""Counts what arrives at a simulated pod manager, as it lets it in or not."""

import dataclasses
from typing import Any

import fixtures

from tests.unit.podm import connected
from valence.simulator import errors, exchange, pipeline


@dataclasses.dataclass
class Arrived:
    """A request that changes something, when it has arrived.

    :ivar status: of the answer; None where there is none, or not yet.
    """

    method: str
    path: str
    body: bytes = b''
    status: int | None = None

    @property
    def request(self) -> tuple[str, str, bytes]:
        return self.method, self.path, self.body


class Counted(fixtures.Fixture):
    """A simulated pod manager that notes what it is asked to change.

    :param wants_sessions: refuse Basic credentials.
    """

    def __init__(self, mode: str, *, wants_sessions: bool = False) -> None:
        super().__init__()
        self._mode = mode
        self._wants_sessions = wants_sessions
        self.arrived: list[Arrived] = []

    def _setUp(self) -> None:
        usual = pipeline.Pipeline._outcome
        arrived, refuses = self.arrived, self._refuses

        async def noted(
            self: pipeline.Pipeline, call: exchange.Call, request: Any
        ) -> pipeline.Outcome:
            if refuses(call):
                return exchange.refusal(errors.unauthorized())
            if not call.changes:
                return await usual(self, call, request)
            note = Arrived(call.method, call.path)
            arrived.append(note)
            try:
                outcome = await usual(self, call, request)
                note.status = getattr(outcome, 'status', None)
            finally:
                note.body = call.body
            return outcome

        patch = fixtures.MonkeyPatch(
            'valence.simulator.pipeline.Pipeline._outcome', noted
        )
        self.useFixture(patch)
        simulated = connected.Simulated(mode=self._mode, systems=3)
        self.useFixture(simulated)
        self.pod, self.url = simulated.pod, simulated.url

    def _refuses(self, call: exchange.Call) -> bool:
        basic = 'Authorization' in call.headers
        return self._wants_sessions and basic
