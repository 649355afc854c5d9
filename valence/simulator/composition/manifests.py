"""Plan and carry out what a manifest asks for, all of it or nothing.

Each stanza is planned with what the stanzas before it take.  What is
wrong with one stanza is kept with it; the rest are planned all the same,
so that a client learns everything at once.
"""

import dataclasses
import typing
from collections.abc import Sequence

from valence.simulator import errors, validation
from valence.simulator import personality as personalities
from valence.simulator.composition import (
    blocks,
    choosing,
    refusals,
    reservations,
    shapes,
    state,
    systems,
)

Json = dict[str, typing.Any]

_UNABLE = 'UnableToPerformReservation'
_UNPROCESSED = 'UnableToProcessStanzaRequest'


@dataclasses.dataclass(slots=True)
class Step:
    """A stanza, and what is to be done for it; or why it cannot be.

    ``chosen`` are the blocks to compose, ``leaving`` the systems to take
    apart, ``composed`` the system that came of it.
    """

    stanza: Json
    chosen: list[blocks.Block] = dataclasses.field(default_factory=list)
    leaving: list[systems.System] = dataclasses.field(default_factory=list)
    composed: systems.System | None = None
    error: Json | None = None

    @property
    def request(self) -> Json:
        """What the stanza asks for."""
        return self.stanza.get('Request') or {}

    @property
    def composes(self) -> bool:
        """Whether it is about making a system."""
        return self.stanza.get('StanzaType') == 'ComposeSystem'

    def fail(self, name: str, exc: errors.RedfishError) -> None:
        """Keep what is wrong, as the stanza's response tells it."""
        details = exc.document()['error']['@Message.ExtendedInfo']
        self.error = {
            'error': {
                'code': refusals.PREFIX + name,
                'message': exc.message,
                '@Message.ExtendedInfo': details,
            }
        }


def stanzas(manifest: Json) -> list[Json]:
    """Return the stanzas of a manifest.

    :raises RedfishError: 400, when there is nothing in it
    """
    found = manifest.get('Stanzas') or []
    if not found or not all(each.get('Request') for each in found):
        raise refusals.empty_manifest()
    return found


def plan(
    composition: state.Composition,
    personality: personalities.Personality,
    manifest: Json,
    reservation: reservations.Reservation | None = None,
) -> list[Step]:
    """Return what is to be done for each stanza.  Changes nothing.

    :param reservation: the one that the manifest is applied to; with its
        own manifest, what was chosen then is what is chosen
    :raises RedfishError: 400, when there is nothing in the manifest
    """
    steps = [Step(each) for each in stanzas(manifest)]
    if reservation is not None and reservation.manifest is manifest:
        for step, chosen in zip(steps, reservation.chosen, strict=True):
            step.chosen = list(chosen)
    planner = _Planner(composition, personality, reservation)
    for step in steps:
        planner.plan(step)
    return steps


class _Planner:
    def __init__(
        self,
        composition: state.Composition,
        personality: personalities.Personality,
        reservation: reservations.Reservation | None,
    ) -> None:
        self._composition = composition
        self._personality = personality
        self._reservation = None if reservation is None else reservation.id
        self._taken: set[blocks.Block] = set()
        self._leaving: set[str] = set()

    def plan(self, step: Step) -> None:
        kind = step.stanza.get('StanzaType')
        try:
            if kind == 'ComposeSystem':
                self._compose(step)
            elif kind == 'DecomposeSystem':
                self._decompose(step)
            else:
                raise errors.invalid_payload(f'{kind} is not supported.')
        except errors.RedfishError as exc:
            step.fail(_UNABLE if step.composes else _UNPROCESSED, exc)

    def _compose(self, step: Step) -> None:
        shape = shapes.compose(self._personality)
        validation.check(step.request, shape)
        # What is reserved for it cannot have gone to anybody else.
        step.chosen = step.chosen or choosing.choose(
            self._composition,
            step.request,
            reservation=self._reservation,
            besides=self._taken,
        )
        self._taken.update(step.chosen)

    def _decompose(self, step: Step) -> None:
        validation.check(step.request, shapes.DECOMPOSE)
        links = (step.request.get('Links') or {}).get('ComputerSystems')
        if links is None and '@odata.id' in step.request:
            links = [{'@odata.id': step.request['@odata.id']}]
        if not links:
            raise errors.invalid_payload('A link to a system is required.')
        step.leaving = [self._system(each) for each in links]

    def _system(self, link: Json) -> systems.System:
        path = (link.get('@odata.id') or '').rstrip('/')
        parent, _, system_id = path.rpartition('/')
        if parent != systems.PATH or system_id in self._leaving:
            raise errors.unknown_endpoint(path)
        system = self._composition.system(system_id)
        self._leaving.add(system_id)
        return system


def is_possible(steps: Sequence[Step]) -> bool:
    """Tell whether all of a manifest can be done; else mark the rest."""
    if all(each.error is None for each in steps):
        return True
    reason = refusals.Reason(
        _UNPROCESSED,
        'Another stanza of the manifest cannot be carried out.',
        'Correct the other stanza.',
    )
    for step in steps:
        if step.error is None:
            step.fail(_UNPROCESSED, refusals.Refusal(409, [reason]))
    return False


def apply(composition: state.Composition, steps: Sequence[Step]) -> None:
    """Carry out what was planned, and is possible."""
    for step in steps:
        for system in step.leaving:
            composition.decompose(system)
        if step.composes:
            step.composed = composition.compose(step.chosen, step.request)
