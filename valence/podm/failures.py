"""What a walk goes on after, and how it tells of it."""

from collections.abc import Iterator

from valence.common import exception

#: Errors that tell of one resource, and not of the server.
OF_ONE = (
    exception.PodManagerForbidden,
    exception.PodManagerMalformed,
    exception.PodManagerRefused,
)

#: Characters of what is told, and of the server's own words in it.
_MOST, _MOST_SAID = 500, 200


def told(error: exception.PodManagerError, path: str) -> str:
    """Give why something cannot be read, in few words.

    :param error: one of :data:`OF_ONE`, or a time-out.
    :param path: of what was read, where the error has none.
    """
    return ''.join(_told(error, path))[:_MOST]


def _told(error: exception.PodManagerError, path: str) -> Iterator[str]:
    values = error.kwargs
    yield f'{values.get("path", path)}: '
    match error:
        case exception.PodManagerForbidden():
            yield 'the credentials of the record do not allow to read it'
        case exception.PodManagerTimeout():
            yield f'no answer within {values["seconds"]} s'
        case exception.PodManagerRefused():
            yield f'answered {values["answer"]}: '
            yield values['reason'][:_MOST_SAID]
        case _:
            yield values['reason'][:_MOST_SAID]
