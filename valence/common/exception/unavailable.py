"""What of Valence itself is away, or takes too long."""

from valence.common.exception.base import ValenceError


class ServiceUnavailable(ValenceError):
    status = 503
    title = 'Service unavailable'
    template = (
        'The %(service)s service does not answer: is it running, and is the '
        'message bus? Try again later.'
    )


class DeadlineExceeded(ValenceError):
    """The time that a request gave its task is over."""

    status = 504
    title = 'Deadline exceeded'
    error_code = 'deadline_exceeded'
    template = (
        'The task had not ended at its deadline, and what it had begun was '
        'undone.'
    )


class DatabaseUnavailable(ValenceError):
    status = 503
    title = 'Service unavailable'
    template = 'The database does not answer. Try again later.'


class CredentialsKeyError(ValenceError):
    """The operator has to look after the key file of a host."""

    status = 503
    title = 'Credentials key unusable'
    template = (
        'The key file %(file)s of the credentials of pod managers does not '
        'serve: %(reason)s.'
    )
