"""The actions that nodes and systems have in common: power and boot."""

from typing import Any

from valence.api.types.nodes import Action
from valence.common import exception


def read_action(kind: str, body: Action) -> tuple[str, dict[str, Any]]:
    """Give the task's action and request for a body.

    :param kind: ``node`` or ``system``.
    :raises ValidationError: unless exactly one action is named.
    """
    given = body.given()
    if len(given) != 1:
        raise exception.ValidationError(
            detail='Name exactly one action: Reset or Boot.'
        )
    if 'Reset' in given:
        return f'reset_{kind}', {'reset_type': given['Reset']['Type']}
    boot = given['Boot']
    return f'boot_{kind}', {
        'boot': {
            'enabled': boot['Enabled'],
            'target': boot['Target'],
            'mode': boot.get('Mode'),
        }
    }
