"""What a pod manager does to us. The message never holds a secret."""

from valence.common.exception.base import ValenceError


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
