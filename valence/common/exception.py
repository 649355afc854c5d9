"""The one hierarchy of errors that Valence shows to its users.

Each class has a message template, a title and an HTTP status. They cross the
message bus: oslo.messaging rebuilds them from ``kwargs``, so a constructor
takes keywords only, and what it is given must be JSON.
"""

import http
from collections.abc import Mapping, Sequence
from typing import Any


class ValenceError(Exception):
    """An error with a meaning for the user.

    :param reasons: single causes, in the user's terms, where there are
        several (validation, scheduling, a pod manager's ExtendedInfo).
    :param kwargs: what the class's template names.
    :raises KeyError: if the template names something that was not given.
    """

    status = 500
    title = 'Internal error'
    template = 'An unexpected error occurred.'
    #: A machine-readable word; the HTTP reason phrase where there is none.
    error_code: str | None = None

    def __init__(self, reasons: Sequence[str] = (), **kwargs: Any) -> None:
        super().__init__()
        self.reasons = list(reasons)
        self.kwargs: dict[str, Any] = dict(kwargs)
        if self.reasons:
            self.kwargs['reasons'] = self.reasons
        self.detail = self.template % kwargs

    def __str__(self) -> str:
        return self.detail

    def to_dict(self) -> dict[str, Any]:
        """Give the error as the API and a failed task show it."""
        return error_body(
            status=self.status,
            code=self.error_code,
            title=self.title,
            detail=self.detail,
            reasons=self.reasons,
        )


def error_body(
    *,
    status: int,
    title: str,
    detail: str,
    code: str | None = None,
    reasons: Sequence[str] = (),
) -> dict[str, Any]:
    """Give the one shape of an error, without its request id."""
    body: dict[str, Any] = {
        'status': status,
        'code': code or http.HTTPStatus(status).phrase,
        'title': title,
        'detail': detail,
    }
    if reasons:
        body['reasons'] = list(reasons)
    return body


class TaskFailed(ValenceError):
    """The stored error of a task, told again to who waited for it."""

    template = '%(detail)s'

    def __init__(self, **kwargs: Any) -> None:
        error: Mapping[str, Any] = kwargs['error']
        super().__init__(
            reasons=error.get('reasons', ()), detail=error['detail']
        )
        self.kwargs = kwargs
        self.status = error['status']
        self.title = error['title']
        self.error_code = error['code']


# 400


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


# 401, 403


class NotAuthorized(ValenceError):
    status = 403
    title = 'Forbidden'
    template = 'The policy %(rule)s does not allow this request.'


# 404


class NotFound(ValenceError):
    status = 404
    title = 'Resource could not be found'
    template = '%(detail)s'


class PodManagerNotFound(NotFound):
    template = 'Pod Manager %(podm)s not found in database.'


class NodeNotFound(NotFound):
    template = 'Node %(node)s not found in database.'


class FlavorNotFound(NotFound):
    template = 'Flavor %(flavor)s not found in database.'


class SystemNotFound(NotFound):
    template = 'System %(system)s not found in database.'


class RackNotFound(NotFound):
    template = 'Rack %(rack)s not found in database.'


class ChassisNotFound(NotFound):
    template = 'Chassis %(chassis)s not found in database.'


class DeviceNotFound(NotFound):
    template = 'Device %(device)s not found in database.'


class ResourceNotFound(NotFound):
    template = 'Resource %(resource)s not found in database.'


class TaskNotFound(NotFound):
    template = 'Task %(task)s not found in database.'


class ServiceNotFound(NotFound):
    template = 'Service %(service)s not found in database.'


class DriverNotFound(NotFound):
    title = 'Unsupported Driver Specified'
    template = 'Driver %(driver)s is not known; known drivers: %(known)s.'


# 409


class Conflict(ValenceError):
    status = 409
    title = 'Conflict'
    template = '%(detail)s'


class NodeNameTaken(Conflict):
    title = 'Resource Already Exists'
    template = 'A node named %(name)s exists already: choose another name.'


class NodeManaged(Conflict):
    title = 'Resource Already Exists'
    template = "Node '%(node)s' already managed by Valence"


class NodeNotAdoptable(Conflict):
    template = (
        'Node %(node)s at Pod Manager %(podm)s cannot be adopted: %(why)s.'
    )


class FlavorNameTaken(Conflict):
    title = 'Resource Already Exists'
    template = 'A flavor named %(name)s exists already: choose another name.'


class NameNotUnique(Conflict):
    template = (
        'More than one %(kind)s is named %(name)s: use the uuid instead.'
    )


class Busy(Conflict):
    """Something carries at most one changing task at a time."""

    template = (
        '%(kind)s %(name)s is being changed by task %(task)s: wait until it '
        'has ended.'
    )


class NodeNotReady(Conflict):
    template = 'Node %(node)s is %(state)s: %(action)s needs a composed node.'


class PodManagerInUse(Conflict):
    template = (
        'Pod Manager %(podm)s has composed nodes: delete them first, or '
        'delete it with force=true. Nodes: %(nodes)s.'
    )


class NodesLeft(Conflict):
    title = 'Nodes could not be taken apart'
    template = (
        'Pod Manager %(podm)s was not deleted: node %(node)s could not be '
        'taken apart: %(why)s Nodes that are left: %(nodes)s. Where the pod '
        'manager does not come back, delete each of them with force=true, '
        'which gives it up, and then the pod manager.'
    )


class TaskNotEnded(Conflict):
    template = 'Task %(task)s is %(status)s: only an ended task is deleted.'


class TaskEnded(Conflict):
    template = (
        'Task %(task)s is %(status)s: only one that is in progress can be '
        'cancelled.'
    )


class Cancelled(Conflict):
    """What a cancelled task tells to who waited for it."""

    title = 'Cancelled'
    error_code = 'cancelled'
    template = 'The task was cancelled, and what it had begun was undone.'


class NoMatchingSystem(Conflict):
    """No pod manager, or not the one asked for, has what was asked for."""

    title = 'No matching system'
    template = '%(detail)s'


class AllocationFailed(NoMatchingSystem):
    title = 'Allocation failed'
    template = (
        'Pod Manager %(podm)s accepted to allocate a node, and did not do it.'
    )


class ChangeFailed(Conflict):
    """A change that a pod manager had accepted."""

    title = 'Change failed'
    template = (
        'Pod Manager %(podm)s accepted %(what)s, and says that it failed.'
    )


class CompositionFailed(Conflict):
    title = 'Composition failed'
    template = (
        'Pod Manager %(podm)s did not assemble the node: it reports state '
        '%(state)s. The half-made node was deleted there.'
    )


class NeedsAttention(Conflict):
    """Whether an operation took effect cannot be known: a person must look."""

    title = 'Needs attention'
    error_code = 'needs_attention'
    template = '%(detail)s'


# 413, 415, 422, 429


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


# What a pod manager does to us. The message never holds a secret.


class PodManagerError(ValenceError):
    """The base of all that goes wrong between Valence and a pod manager."""

    status = 503
    title = 'Pod manager error'


class PodManagerUnreachable(PodManagerError):
    title = 'Pod manager unreachable'
    template = 'Pod Manager at %(url)s cannot be reached: %(reason)s.'


class PodManagerConnectionLost(PodManagerError):
    """A change was sent, and no answer came: it may have taken effect."""

    title = 'Pod manager connection lost'
    template = (
        'Pod Manager at %(url)s closed the connection before it answered '
        '%(method)s %(path)s (%(reason)s).'
    )


class PodManagerUntrusted(PodManagerError):
    title = 'Pod manager not trusted'
    error_code = 'podm_tls_untrusted'
    template = (
        'The TLS certificate of the Pod Manager at %(url)s is not trusted: '
        '%(reason)s.'
    )


class PodManagerAddressRefused(PodManagerError):
    """Its address is one that Valence does not connect to."""

    status = 409
    title = 'Pod manager address refused'
    error_code = 'podm_address_refused'
    template = (
        'Pod Manager at %(url)s is not called: %(host)s has the address '
        '%(address)s, which is %(kind)s. %(option)s may allow it.'
    )


class PodManagerTimeout(PodManagerError):
    status = 504
    title = 'Pod manager timed out'
    template = (
        'Pod Manager at %(url)s did not answer %(method)s %(path)s within '
        '%(seconds)s s.'
    )


class PodManagerUnauthorized(PodManagerError):
    # Not 401: that would tell the client that its own credentials are wrong.
    status = 409
    title = 'Authorization Error'
    template = (
        'Pod Manager at %(url)s refused the credentials of its record: '
        'correct them with PATCH /v1/pod_managers.'
    )


class PodManagerForbidden(PodManagerUnauthorized):
    """A 403: it may be for this resource only that they are not enough."""


class CredentialsUnreadable(PodManagerError):
    """What the record of a pod manager holds cannot be decrypted here."""

    title = 'Credentials unreadable'
    error_code = 'credentials_unreadable'
    template = (
        'The credentials of Pod Manager %(podm)s cannot be decrypted: '
        '%(reason)s'
    )


class PodManagerRefused(PodManagerError):
    """A 4xx or 5xx answer; ``reasons`` holds its ExtendedInfo messages."""

    status = 409
    title = 'Refused by the pod manager'
    template = (
        'Pod Manager at %(url)s answered %(answer)s to %(method)s %(path)s: '
        '%(reason)s'
    )


class PodManagerResourceMissing(PodManagerRefused):
    """A 404 or 410: the resource is not there."""

    status = 404


class PodManagerMalformed(PodManagerError):
    title = 'Malformed answer of the pod manager'
    template = (
        'Pod Manager at %(url)s sent a malformed answer for %(path)s: '
        '%(reason)s.'
    )


class PodManagerUnreadable(PodManagerError):
    """It is there, and no part of what it holds can be read."""

    title = 'Pod manager unreadable'
    template = 'Nothing of the Pod Manager at %(url)s can be read: %(reason)s.'


# 503 of our own


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
