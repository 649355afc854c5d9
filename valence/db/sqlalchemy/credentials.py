"""Credentials as their column keeps them: only who it is, is in clear.

Stored is ``[{'type', 'auth_items', 'sealed'}]``. Of ``auth_items`` the user
name is left where it was; all else is in ``sealed``, each item as ``{'key',
'token'}``. Processes of the version before can list such records, and fail to
connect. Rows of theirs, in clear, are read as well.
"""

import functools
import logging
from collections.abc import Mapping, Sequence
from typing import Any

from valence.common import sealing
from valence.common.sealing import KeyRing, Keys, Sealed, Secret

LOG = logging.getLogger(__name__)

Authentication = Sequence[Mapping[str, Any]]

#: Shown by the API, so there is no use in hiding them.
_OPEN = frozenset({'username'})


def seal(authentication: Authentication, ring: KeyRing) -> Authentication:
    """Give what is stored; with the first key, whatever it was before.

    :raises CredentialsKeyError: if it was read from a row, and cannot be
        opened.
    """
    return [_seal(entry, ring) for entry in authentication]


def load(stored: Authentication, keys: Keys) -> Authentication:
    """Give what was stored; opened when it is asked for, and not before."""
    return [_load(entry, keys) for entry in stored]


def key_ids(stored: Authentication) -> frozenset[str | None]:
    """Give the ids of the keys that are needed; None for what is in clear."""
    ids: set[str | None] = set()
    for entry in stored:
        ids.update(item['key'] for item in entry.get('sealed', {}).values())
        if entry['auth_items'].keys() - _OPEN:
            ids.add(None)
    return frozenset(ids)


def _seal(entry: Mapping[str, Any], ring: KeyRing) -> Mapping[str, Any]:
    items = entry['auth_items']
    return {
        **entry,
        'auth_items': {name: items[name] for name in items if name in _OPEN},
        'sealed': {
            name: _item(ring.seal(sealing.reveal(items[name])))
            for name in items
            if name not in _OPEN
        },
    }


def _item(sealed: Sealed) -> Mapping[str, str]:
    return {'key': sealed.key, 'token': sealed.token}


def _load(entry: Mapping[str, Any], keys: Keys) -> Mapping[str, Any]:
    entry = dict(entry)
    items = dict(entry['auth_items'])
    for name in items.keys() - _OPEN:
        _warn_of_clear()
        items[name] = Secret(items[name], keys)
    for name, item in entry.pop('sealed', {}).items():
        items[name] = Secret(Sealed(**item), keys)
    entry['auth_items'] = items
    return entry


@functools.cache
def _warn_of_clear() -> None:
    """Say it once."""
    LOG.warning(
        'The database has credentials of pod managers in clear. Encrypt them '
        'when all processes of the version before have ended: '
        'valence-manage credentials rotate'
    )
