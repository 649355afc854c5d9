"""Bodies about flavors."""

from wsme import types as wtypes

from valence.api.types.base import Body, Flag, Name, Text
from valence.api.types.nodes import Properties


class FlavorCreate(Body):
    name = wtypes.wsattr(Name(), mandatory=True)
    description = wtypes.wsattr(Text(most=1000))
    properties = wtypes.wsattr(Properties, mandatory=True)
    public = wtypes.wsattr(Flag())


class FlavorPatch(Body):
    name = wtypes.wsattr(Name())
    description = wtypes.wsattr(Text(most=1000))
    properties = wtypes.wsattr(Properties)
