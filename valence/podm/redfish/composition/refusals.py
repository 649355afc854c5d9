"""What a CompositionService means by a refusal.

Message ids are of Redfish's registry Composition (``ResourceBlockInUse``,
``NoResourceMatch``, ...).
"""

from collections.abc import Iterator
from contextlib import contextmanager

import orjson

from valence.common import exception, http_answer, http_client
from valence.podm.redfish import parse

_CONFLICT = 409
_PRECONDITION = 412
#: Parts of message ids that say that a block is not free.
_TAKEN = ('ResourceBlockInUse', 'ResourceBlockChanged', 'UnableToPerform')
#: Those that say that there is nothing that was asked for.
_NOTHING = ('NoResourceMatch', 'InsufficientResources', 'ResourceExhaustion')


def is_taken(error: exception.PodManagerRefused) -> bool:
    """Tell whether a block was not free any more."""
    return error.kwargs['answer'] in (_CONFLICT, _PRECONDITION) or _says(
        error, _TAKEN
    )


@contextmanager
def no_match() -> Iterator[None]:
    """Turn the refusal of what there is not into the error for that.

    :raises NoMatchingSystem: with the pod manager's own reasons.
    """
    try:
        yield
    except exception.PodManagerRefused as error:
        if is_taken(error) or _says(error, _NOTHING):
            raise nothing(error) from None
        raise


def nothing(error: exception.PodManagerRefused) -> exception.NoMatchingSystem:
    return exception.NoMatchingSystem(detail=str(error), reasons=error.reasons)


def check_stanza(
    client: http_client.HttpClient, answer: http_answer.Answer
) -> parse.Document:
    """Give what a manifest's only stanza was answered.

    :raises PodManagerRefused: if that is an error.
    """
    document = parse.answered(client, answer)
    for stanza in document.parts('Manifest', 'Stanzas'):
        response = stanza.part('Response')
        if response.value('error') is not None:
            refusal = http_answer.Answer(
                _CONFLICT, answer.path, {}, orjson.dumps(response.raw)
            )
            raise client.refused('POST', refusal)
        return response
    return document.part('Manifest')


def _says(error: exception.PodManagerRefused, words: tuple[str, ...]) -> bool:
    return any(
        word in code for code in error.kwargs['codes'] for word in words
    )
