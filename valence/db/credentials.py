"""What is done about the credentials of all pod managers at once."""

from collections.abc import Iterator
from dataclasses import dataclass, field

from valence.common import exception
from valence.common.key_file import KeyFile
from valence.db.api import Database, KeyUse

#: Records that are looked at at once.
_PAGE = 500


@dataclass(slots=True)
class Rotation:
    """How many records were changed, and how many needed no change.

    :ivar failed: by the names of the others, why not.
    """

    changed: int = 0
    left: int = 0
    failed: dict[str, str] = field(default_factory=dict)


def uses(database: Database) -> Iterator[KeyUse]:
    """Give which keys the credentials of each pod manager need."""
    after = None
    while page := database.pod_managers.key_uses(after=after, limit=_PAGE):
        yield from page
        after = page[-1].uuid


def in_clear(database: Database) -> bool:
    """Tell whether the credentials of any pod manager are stored in clear."""
    return any(None in use.keys for use in uses(database))


def set_up(database: Database, key_file: KeyFile) -> bool:
    """Make the key file if there is none; tell whether.

    :raises CredentialsKeyError: if the file that is there does not serve, or
        if there is none although something is encrypted: then it was lost,
        and a new one would only hide that.
    """
    if key_file.exists:
        key_file.ring()
        return False
    lost = {use.name: use.keys - {None} for use in uses(database)}
    needed = sorted({str(key) for keys in lost.values() for key in keys})
    if needed:
        names = ', '.join(sorted(name for name, keys in lost.items() if keys))
        raise exception.CredentialsKeyError(
            file=key_file.path,
            reason='it is not there, and the credentials of these pod '
            f'managers need its keys {", ".join(needed)}: {names}. Bring it '
            'back from a backup, or from another host',
        )
    return key_file.make()


def rotate(database: Database) -> Rotation:
    """Encrypt all that is not encrypted with the first key.

    Each record is a transaction of its own, so that nobody waits for long.

    :raises CredentialsKeyError: if the key file does not serve at all.
    """
    done = Rotation()
    for use in uses(database):
        try:
            changed = database.pod_managers.reseal(uuid=use.uuid)
        except exception.CredentialsKeyError as error:
            done.failed[use.name] = error.detail
            continue
        done.changed += changed
        done.left += not changed
    return done
