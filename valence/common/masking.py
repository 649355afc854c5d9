"""Hides what documents of pod managers must not tell of secrets.

Redfish has them null wherever they can be read, and not every pod manager
keeps to that. Only what is called a secret is hidden: how long a password
must be is none.
"""

import functools
import re
from collections.abc import Mapping
from typing import Any

HIDDEN = '***'

_SECRET = re.compile(
    r'(?:passwords?|pswd|passphrase|secrets?|tokens?|credentials?|keystring|'
    r'(?:private|preshared|encryption|authentication|shared|chap)_?keys?|'
    r'communitystrings?)$',
    re.IGNORECASE,
)


def masked(document: Any) -> Any:
    """Give a document, whatever is JSON, with its secrets hidden."""
    if isinstance(document, Mapping):
        return {
            name: _hidden(value) if _is_secret(name) else masked(value)
            for name, value in document.items()
        }
    if isinstance(document, list):
        return [masked(each) for each in document]
    return document


def _hidden(value: Any) -> Any:
    """Hide a secret; what is in an object is told by its own name."""
    if isinstance(value, Mapping):
        return masked(value)
    if isinstance(value, list):
        return [_hidden(each) for each in value]
    # That there is none is no secret.
    return value if value in (None, '') or value is False else HIDDEN


@functools.lru_cache(maxsize=4096)
def _is_secret(name: str) -> bool:
    return _SECRET.search(name) is not None
