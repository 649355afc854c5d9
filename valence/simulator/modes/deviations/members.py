"""Deviations in collections."""

from valence.simulator import exchange
from valence.simulator.modes.deviations import base

_COUNT = 'Members@odata.count'
_MORE = 20


class _Collections(base.Deviation):
    """Something is odd about collections."""

    def document(self, call: exchange.Call, document: base.Json) -> base.Json:
        """Change it, if it is one."""
        is_one = isinstance(document.get('Members'), list)
        return self.collection(document) if is_one else document

    def collection(self, document: base.Json) -> base.Json:
        """Return what to show in place of a collection."""
        raise NotImplementedError


class MisspeltCount(_Collections):
    """The count of members is misspelt."""

    name = 'misspelt_count'
    excludes = 'the count'

    def collection(self, document: base.Json) -> base.Json:
        """Leave out a letter."""
        return {
            'Member@odata.count' if name == _COUNT else name: each
            for name, each in document.items()
        }


class WrongCount(_Collections):
    """There are 20 members fewer than are counted."""

    name = 'wrong_count'
    excludes = 'the count'

    def collection(self, document: base.Json) -> base.Json:
        """Count more than there are."""
        return {**document, _COUNT: len(document['Members']) + _MORE}


class WrongCollectionId(_Collections):
    """The ``@odata.id`` of a collection is that of what it is part of."""

    name = 'wrong_collection_id'

    def collection(self, document: base.Json) -> base.Json:
        """Take the last part of it off."""
        path = document.get('@odata.id', '').rstrip('/')
        return {**document, '@odata.id': path.rpartition('/')[0]}


class NestedMembers(_Collections):
    """``Members`` and their count are below ``Links``."""

    name = 'nested_members'

    def collection(self, document: base.Json) -> base.Json:
        """Move them there."""
        top = {**document}
        moved = {
            name: top.pop(name) for name in ('Members', _COUNT) if name in top
        }
        return {**top, 'Links': {**top.get('Links', {}), **moved}}
