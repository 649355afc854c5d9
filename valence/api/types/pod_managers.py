"""Bodies about pod managers."""

from typing import Any

from wsme import types as wtypes

from valence.api.types.base import (
    Body,
    Choice,
    Flag,
    Name,
    Nullable,
    Number,
    Text,
)
from valence.common import http_tls

#: Characters: some dozen certificates, and less than a request may have.
_MAX_CERTIFICATES = 64 * 1024


class AuthItems(Body):
    username = wtypes.wsattr(Text(least=1), mandatory=True)
    password = wtypes.wsattr(Text(most=1024), mandatory=True)


class Authentication(Body):
    type = wtypes.wsattr(Choice('basic'), mandatory=True)
    auth_items = wtypes.wsattr(AuthItems, mandatory=True)


class Certificates(Text):
    """Certificates as PEM. They are shown, so no key may be among them."""

    def __init__(self) -> None:
        super().__init__(least=1, most=_MAX_CERTIFICATES)

    def validate(self, value: Any) -> str:
        pem = super().validate(value)
        http_tls.check_certificates(pem)
        return pem


class Fingerprint(Text):
    """SHA-256 of a certificate."""

    def validate(self, value: Any) -> str:
        return http_tls.read_fingerprint(super().validate(value))


class Tls(Body):
    """How the pod manager's certificate is checked."""

    verify = wtypes.wsattr(Flag())
    ca = wtypes.wsattr(Certificates())
    fingerprint = wtypes.wsattr(Fingerprint())


class PodManagerCreate(Body):
    name = wtypes.wsattr(Name(), mandatory=True)
    url = wtypes.wsattr(Text(least=1, most=512), mandatory=True)
    authentication = wtypes.wsattr([Authentication], mandatory=True)
    driver = wtypes.wsattr(Text(least=1, most=64))
    description = wtypes.wsattr(Nullable(Text(most=1000)))
    location = wtypes.wsattr(Nullable(Text()))
    tls = wtypes.wsattr(Tls)
    max_tasks = wtypes.wsattr(Number(most=1000))


class PodManagerPatch(Body):
    name = wtypes.wsattr(Name())
    url = wtypes.wsattr(Text(least=1, most=512))
    authentication = wtypes.wsattr([Authentication])
    driver = wtypes.wsattr(Text(least=1, most=64))
    description = wtypes.wsattr(Nullable(Text(most=1000)))
    location = wtypes.wsattr(Nullable(Text()))
    tls = wtypes.wsattr(Tls)
    max_tasks = wtypes.wsattr(Number(most=1000))
