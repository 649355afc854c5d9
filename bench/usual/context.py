"""The context of a request, and its way over the bus."""

from typing import Any

import oslo_messaging as messaging
from oslo_context import context
from oslo_serialization import jsonutils


class RequestContext(context.RequestContext):
    """oslo.context's."""


class Serializer(messaging.NoOpSerializer):
    """Contexts travel as dicts, bodies as primitives."""

    def serialize_entity(self, ctxt: Any, entity: Any) -> Any:
        return jsonutils.to_primitive(entity, convert_instances=True)

    def serialize_context(self, ctxt: RequestContext) -> dict[str, Any]:
        values: dict[str, Any] = ctxt.to_dict()
        return values

    def deserialize_context(self, ctxt: dict[str, Any]) -> RequestContext:
        made: RequestContext = RequestContext.from_dict(ctxt)
        return made
