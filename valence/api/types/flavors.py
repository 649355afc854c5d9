"""Bodies about flavors."""

from wsme import types as wtypes

from valence.api.types.base import Body, Flag, Text
from valence.api.types.nodes import Properties


class FlavorCreate(Body):
    name = wtypes.wsattr(Text(least=1), mandatory=True)
    description = wtypes.wsattr(Text(most=1000))
    properties = wtypes.wsattr(Properties, mandatory=True)
    public = wtypes.wsattr(Flag())


class FlavorPatch(Body):
    name = wtypes.wsattr(Text(least=1))
    description = wtypes.wsattr(Text(most=1000))
    properties = wtypes.wsattr(Properties)
