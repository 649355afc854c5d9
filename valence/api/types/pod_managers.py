"""Bodies about pod managers."""

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


class AuthItems(Body):
    username = wtypes.wsattr(Text(least=1), mandatory=True)
    password = wtypes.wsattr(Text(most=1024), mandatory=True)


class Authentication(Body):
    type = wtypes.wsattr(Choice('basic'), mandatory=True)
    auth_items = wtypes.wsattr(AuthItems, mandatory=True)


class Tls(Body):
    """How the pod manager's certificate is checked."""

    verify = wtypes.wsattr(Flag())
    ca = wtypes.wsattr(Text(least=1, most=1024))


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
