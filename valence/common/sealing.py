"""Texts that are kept encrypted: sealed with the first key, opened with any.

Where keys and sealed texts are kept is not known here. A text that was opened
is given to who asks for it, and is neither logged nor kept.
"""

import hashlib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Never

from cryptography import fernet

from valence.common import exception


@dataclass(frozen=True, slots=True)
class Sealed:
    """An encrypted text. :ivar key: the id of the key that it needs."""

    key: str
    token: str


class KeyRing:
    """The keys of one moment.

    :param keys: Fernet keys, in the order in which they are to be used.
    :param source: what the keys came from, for who has to look after them.
    :ivar ids: of the keys, in the same order.
    :raises CredentialsKeyError: if there is none, or one is no key.
    """

    def __init__(self, keys: Sequence[str], source: str) -> None:
        self.source = source
        self.ids = [key_id(key) for key in keys]
        self._fernet = fernet.MultiFernet(
            [self._checked(number, key) for number, key in enumerate(keys, 1)]
            or self._refuse('it has no key in it')
        )

    def _checked(self, number: int, key: str) -> fernet.Fernet:
        try:
            return fernet.Fernet(key)
        except ValueError:
            pass
        # Not within the handler: the key would be in the traceback.
        return self._refuse(f'line {number} of it is no key')

    def _refuse(self, reason: str) -> Never:
        raise exception.CredentialsKeyError(file=self.source, reason=reason)

    def seal(self, text: str) -> Sealed:
        token = self._fernet.encrypt(text.encode()).decode()
        return Sealed(self.ids[0], token)

    def open(self, sealed: Sealed) -> str:
        """Give the text.

        :raises CredentialsKeyError: if its key is not there.
        """
        try:
            return self._fernet.decrypt(sealed.token.encode()).decode()
        except fernet.InvalidToken:
            pass
        if sealed.key in self.ids:
            self._refuse(f'what key {sealed.key} encrypted was damaged since')
        self._refuse(f'it lacks key {sealed.key}, which is needed')


#: Gives the keys as they are now, or raises CredentialsKeyError.
Keys = Callable[[], KeyRing]


class Secret:
    """A text that is shown to nobody but who asks for it by ``reveal``.

    Equal to another one if the texts are, as far as they can be opened.
    """

    __slots__ = ('_keys', '_kept')

    def __init__(self, kept: Sealed | str, keys: Keys) -> None:
        self._kept = kept
        self._keys = keys

    def reveal(self) -> str:
        """Give the text.

        :raises CredentialsKeyError: if it cannot be opened.
        """
        if isinstance(self._kept, Sealed):
            return self._keys().open(self._kept)
        return self._kept

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Secret):
            return NotImplemented
        if self._kept == other._kept:
            return True
        try:
            return self.reveal() == other.reveal()
        except exception.CredentialsKeyError:
            return False

    def __repr__(self) -> str:
        return '***'


def reveal(value: Secret | str) -> str:
    """Give the text of what may never have been stored.

    :raises CredentialsKeyError: if it cannot be opened.
    """
    return value.reveal() if isinstance(value, Secret) else value


def no_keys() -> KeyRing:
    """Be the keys where none are needed.

    :raises CredentialsKeyError: always.
    """
    raise exception.CredentialsKeyError(file='(none)', reason='there is none')


def new_key() -> str:
    return fernet.Fernet.generate_key().decode()


def key_id(key: str) -> str:
    """Give a name of a key that tells nothing about it."""
    return hashlib.sha256(b'valence ' + key.encode()).hexdigest()[:8]
