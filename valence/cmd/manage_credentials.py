"""Commands of the operator: keys, and what they encrypt."""

from collections import defaultdict

from valence.conf import CONF
from valence.db import connect, credentials
from valence.db.api import Database, Query

_CLEAR = 'in clear'


def setup() -> int:
    """Make the key file if there is none."""
    with connect.opened(CONF) as database:
        _set_up(database)
    return 0


def status() -> int:
    """Print the keys, and which pod managers need them."""
    ids = connect.key_file(CONF).ring().ids
    needing = defaultdict[str, list[str]](list)
    with connect.opened(CONF) as database:
        for use in credentials.uses(database):
            for key in use.keys:
                needing[key or _CLEAR].append(use.name)
    for number, key in enumerate(ids):
        what = 'decrypts' if number else 'encrypts'
        print(f'{key:10} {what:10} {len(needing.pop(key, ()))} pod managers')
    for key, names in needing.items():
        what = '' if key == _CLEAR else 'missing'
        print(f'{key:10} {what:10} {len(names)} pod managers: ', end='')
        print(', '.join(sorted(names)))
    return 1 if needing else 0


def new_key() -> int:
    """Put a new key into the key file, as the first one."""
    standby = CONF.command.standby
    key = connect.key_file(CONF).add(standby=standby)
    print(f'{key} {"decrypts" if standby else "encrypts"} from now on')
    return 0


def rotate() -> int:
    """Encrypt all credentials with the first key of the key file."""
    with connect.opened(CONF) as database:
        return _rotate(database)


def after_upgrade() -> int:
    """Make the key file, and encrypt what is in clear where that is safe.

    Services of the version before cannot read what is encrypted.
    """
    with connect.opened(CONF) as database:
        _set_up(database)
        if not credentials.in_clear(database):
            return 0
        services = database.services.list(
            query=Query(), down_time=CONF.service_down_time
        )
        if not any(service.up for service in services):
            return _rotate(database)
    print(
        'Credentials of pod managers are in clear, and services are up. When '
        'none of them is of the version before: valence-manage credentials '
        'rotate'
    )
    return 0


def _set_up(database: Database) -> None:
    key_file = connect.key_file(CONF)
    if credentials.set_up(database, key_file):
        print(
            f'Made {key_file.path}: copy it to all hosts, and to where it '
            'is safe'
        )


def _rotate(database: Database) -> int:
    done = credentials.rotate(database)
    print(
        f'{done.changed} encrypted, {done.left} were already, '
        f'{len(done.failed)} failed'
    )
    for name, reason in done.failed.items():
        print(f'{name}: {reason}')
    return 1 if done.failed else 0
