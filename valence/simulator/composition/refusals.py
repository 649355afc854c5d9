"""Errors of a composition, told by the Composition message registry.

What is wrong is told as a whole: a request that is refused changes
nothing, and learns each reason at once.
"""

import dataclasses
import typing
from collections.abc import Iterable

from valence.simulator import errors

PREFIX = 'Composition.1.1.0.'

_SEVERITY = 'Critical'


@dataclasses.dataclass(frozen=True, slots=True)
class Reason:
    """A message of the registry: its name, text, arguments and advice."""

    name: str
    message: str
    resolution: str
    args: tuple[str, ...] = ()

    def document(self) -> dict[str, typing.Any]:
        """Return the message as an answer has it."""
        return {
            'MessageId': PREFIX + self.name,
            'Message': self.message,
            'MessageArgs': list(self.args),
            'Severity': _SEVERITY,
            'Resolution': self.resolution,
        }


class Refusal(errors.RedfishError):
    """An answer that gives reasons; the first gives the code."""

    def __init__(self, status: int, reasons: Iterable[Reason]) -> None:
        self.reasons = tuple(reasons)
        first = self.reasons[0]
        super().__init__(status, first.name, first.message)

    def document(self) -> dict[str, typing.Any]:
        """Return the body."""
        return {
            'error': {
                'code': PREFIX + self.code,
                'message': self.message,
                '@Message.ExtendedInfo': [
                    each.document() for each in self.reasons
                ],
            }
        }


def not_found(block_id: str) -> Reason:
    """Return the reason that there is no such block."""
    return Reason(
        'ResourceBlockNotFound',
        f'There is no resource block {block_id}.',
        'Leave the block out.',
        (block_id,),
    )


def in_use(block_id: str) -> Reason:
    """Return the reason that a block is part of a system."""
    return Reason(
        'ResourceBlockInUse',
        f'Resource block {block_id} is part of another composition.',
        'Choose another block.',
        (block_id,),
    )


def reserved(block_id: str, holder: str) -> Reason:
    """Return the reason that a block is kept for somebody else.

    :param holder: the client or the reservation that has it
    """
    return Reason(
        'SpecifiedResourceAlreadyReserved',
        f'Resource block {block_id} is reserved by {holder or "a client"}.',
        'Choose another block, or delete the reservation.',
        (block_id, holder),
    )


def zones_differ() -> Reason:
    """Return the reason that blocks are of several zones."""
    return Reason(
        'IncompatibleZone',
        'Not all resource blocks are of one resource zone.',
        'Choose blocks of one zone.',
    )


def no_match(kind: str) -> Reason:
    """Return the reason that no free resource meets a requirement."""
    return Reason(
        'NoResourceMatch',
        f'No free resources of type {kind} meet the requirements.',
        'Ask for less, or for something else.',
        (kind,),
    )


def empty_manifest() -> Refusal:
    """Return the error for a manifest that asks for nothing."""
    reason = Reason(
        'EmptyManifest',
        'The manifest has no stanza, or a stanza without a request.',
        'Say what is to be done.',
    )
    return Refusal(400, (reason,))


def precondition_required() -> errors.RedfishError:
    """Return the error for a change that must tell what it changes."""
    return errors.RedfishError(
        428,
        'PreconditionRequired',
        'Precondition required',
        ('The header If-Match is required.',),
    )
