"""What is wrong with a request, or with how many there are."""

from valence.common.exception.base import ValenceError


class BadRequest(ValenceError):
    status = 400
    title = 'Bad request'
    template = '%(detail)s'


class ValidationError(BadRequest):
    title = 'Validation Error'


class DuplicatePodManager(BadRequest):
    template = 'duplicated name or url !'


class UnsupportedAction(BadRequest):
    title = 'Unsupported action'
    template = '%(action)s is not supported by %(what)s.'


class UnsupportedValue(BadRequest):
    """A value that the hardware at hand does not allow."""

    title = 'Unsupported value'
    template = '%(field)s %(value)s is not allowed here; allowed: %(allowed)s.'


class NotAuthorized(ValenceError):
    status = 403
    title = 'Forbidden'
    template = 'The policy %(rule)s does not allow this request.'


class PayloadTooLarge(ValenceError):
    status = 413
    title = 'Body too large'
    template = 'The body is larger than %(most)s KiB.'


class UnsupportedContentType(ValenceError):
    status = 415
    title = 'Unsupported content type'
    template = 'The body must be sent as application/json.'


class IdempotencyKeyReused(ValenceError):
    status = 422
    title = 'Idempotency key reused'
    template = (
        'This Idempotency-Key was sent before with another request: send a '
        'new key with a new request.'
    )


class TooManyTasks(ValenceError):
    """No more work is accepted for now; nothing of the request was done."""

    status = 429
    title = 'Too many tasks'
    template = (
        '%(count)s tasks are in progress already: try again when some have '
        'ended.'
    )
