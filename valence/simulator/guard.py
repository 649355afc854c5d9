"""Make an answer of whatever comes out of a handler."""

import logging
from collections.abc import Callable

from valence.simulator import errors, exchange

LOG = logging.getLogger(__name__)


def guarded(name: str, handle: Callable[[], exchange.Reply]) -> exchange.Reply:
    """Return the answer of a handler, or the one that its error makes.

    :param name: what is said to have failed when the handler has a defect
    """
    try:
        return handle()
    except errors.RedfishError as exc:
        return exchange.refusal(exc)
    except Exception:
        LOG.exception('%s failed', name)
        return exchange.refusal(errors.unknown_exception())
