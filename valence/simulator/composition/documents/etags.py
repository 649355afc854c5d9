"""ETags that documents carry, so that an expanded one has them too."""

import orjson

from valence.simulator import etags
from valence.simulator.documents import common

ETAG = '@odata.etag'

_FORM = 'W/"{}"'


def tagged(document: common.Json) -> common.Json:
    """Return a document with the ETag that follows from what is in it."""
    return {**document, ETAG: etags.of(_FORM, orjson.dumps(document))}
