"""The Compose action, and the reservations that it makes."""

from collections.abc import Sequence

from valence.simulator import errors, exchange, validation
from valence.simulator import pod as pods
from valence.simulator.composition import (
    manifests,
    reservations,
    shapes,
    systems,
)
from valence.simulator.composition.documents import systems as documents
from valence.simulator.handlers import tasks

Json = exchange.Json


@tasks.acceptable
def compose(call: exchange.Call) -> tasks.Operation:
    """Do, reserve or only try what a manifest asks for.

    The answer is the manifest with a response for each stanza; one that
    cannot be carried out is no error of the request as a whole.
    """
    body = call.json()
    validation.check(body, shapes.COMPOSE_ACTION)
    _check_required(body)
    request = _Request(call.pod, body)
    return tasks.Operation(request.plan, request.act)


def _check_required(body: Json) -> None:
    problems = [
        f'Property {name} is required.'
        for name in ('RequestFormat', 'RequestType')
        if body.get(name) is None
    ]
    applies = body.get('RequestType') == 'Apply'
    if body.get('ReservationId') is not None:
        if not applies:
            problems.append('Only Apply takes a ReservationId.')
    elif body.get('Manifest') is None:
        problems.append('Property Manifest is required.')
    if problems:
        raise errors.invalid_payload(*problems)


class _Request:
    """A checked request to the action."""

    def __init__(self, pod: pods.Pod, body: Json) -> None:
        self._pod = pod
        self._kind = body['RequestType']
        self._manifest: Json | None = body.get('Manifest')
        self._reservation_id: str | None = body.get('ReservationId')

    def plan(self) -> tuple[Json, list[manifests.Step]]:
        """Return the manifest and its steps.

        :raises RedfishError: 400 for an empty one; 409 when its
            reservation is there no more
        """
        reservation = self._reservation()
        manifest = self._manifest
        if manifest is None and reservation is not None:
            manifest = reservation.manifest
        return manifest or {}, manifests.plan(
            self._pod.composition,
            self._pod.personality,
            manifest or {},
            reservation,
        )

    def _reservation(self) -> reservations.Reservation | None:
        if self._reservation_id is None:
            return None
        try:
            found = self._pod.composition.reservations
            return found.find(self._reservation_id)
        except errors.RedfishError as exc:
            raise errors.conflict(
                'Conflict during composition',
                f'There is no reservation {self._reservation_id}; it may '
                'have expired.',
            ) from exc

    def act(self) -> exchange.Reply:
        """Do it; return the answer."""
        manifest, steps = self.plan()
        # Before they are taken apart: this is the last to be seen of them.
        leaving = [
            [documents.system(self._pod, each) for each in step.leaving]
            for step in steps
        ]
        answer: Json = {
            'RequestFormat': 'Manifest',
            'RequestType': self._kind,
        }
        if manifests.is_possible(steps):
            answer.update(self._do(manifest, steps))
        stanzas = self._stanzas(manifest, steps, leaving)
        answer['Manifest'] = {**manifest, 'Stanzas': stanzas}
        return exchange.Reply(document=answer)

    def _do(self, manifest: Json, steps: Sequence[manifests.Step]) -> Json:
        """Do what is possible; return what the answer tells besides."""
        composition = self._pod.composition
        if self._kind == 'PreviewReserve':
            made = composition.reservations.make(
                manifest, [step.chosen for step in steps]
            )
            return {'ReservationId': made.id}
        if self._kind == 'Apply':
            reservation = self._reservation()
            manifests.apply(composition, steps)
            if reservation is not None:
                composition.reservations.end(reservation)
        return {}

    def _stanzas(
        self,
        manifest: Json,
        steps: Sequence[manifests.Step],
        leaving: Sequence[Sequence[Json]],
    ) -> list[Json]:
        inline = manifest.get('Expand') in ('All', 'Relevant')
        return [
            {**step.stanza, 'Response': self._response(step, gone, inline)}
            for step, gone in zip(steps, leaving, strict=True)
        ]

    def _response(
        self, step: manifests.Step, gone: Sequence[Json], inline: bool
    ) -> Json:
        if step.error is not None:
            return step.error
        if not step.composes:
            return gone[0] if len(gone) == 1 else {'Members': gone}
        if step.composed is None:
            return {
                '@odata.type': '#ComputerSystem.v1_20_0.ComputerSystem',
                'Name': step.request.get('Name') or 'Composed System',
                **documents.outline(self._pod, step.chosen),
            }
        document = documents.system(self._pod, step.composed)
        return _expanded(step.composed, document) if inline else document


def _expanded(system: systems.System, document: Json) -> Json:
    inside = {
        name: documents.members(system, name) for name in documents.COLLECTIONS
    }
    return {**document, **inside}


def delete(call: exchange.Call, reservation_id: str) -> exchange.Reply:
    """Let go of what a manifest has reserved."""
    found = call.pod.composition.reservations
    found.end(found.find(reservation_id))
    return exchange.no_content()
