"""Bodies about services."""

from wsme import types as wtypes

from valence.api.types.base import Body, Flag, Nullable, Text


class ServicePatch(Body):
    disabled = wtypes.wsattr(Flag(), mandatory=True)
    disabled_reason = wtypes.wsattr(Nullable(Text()))
