"""Makes pecan fast: it asks for a function's arguments only once.

pecan 1.8 looks at signatures three times or more a request, and makes a new
namedtuple class each time; that is three quarters of the time of a request
that does little else. Signatures do not change, so the answers are kept.
"""

import functools
import sys

from pecan import util

_MODULES = (
    'pecan.core',
    'pecan.decorators',
    'pecan.hooks',
    'pecan.rest',
    'pecan.routing',
    'pecan.util',
)


def install() -> None:
    """Let all of pecan ask the cache; idempotent."""
    original = util.getargspec
    if hasattr(original, 'cache_info'):
        return
    cached = functools.lru_cache(maxsize=1024)(original)
    for name in _MODULES:
        module = sys.modules.get(name)
        if module is not None and hasattr(module, 'getargspec'):
            module.getargspec = cached  # type: ignore[attr-defined]
