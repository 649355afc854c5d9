"""The file of keys: outside of the database, and nobody's but ours.

No key is ever lost here: a file comes into its place whole and on the disk,
one that is there is not replaced by a first one, and two changes at the same
time do not undo each other.
"""

import contextlib
import os
import pwd
import tempfile
from collections.abc import Iterator, Sequence
from typing import Never, TextIO

from valence.common import exception, sealing
from valence.common.sealing import KeyRing

_MODE = 0o600
#: What nobody else may have of the file.
_OTHERS = 0o077

#: What tells one state of the file from the next.
_Moment = tuple[int, int, int]


class KeyFile:
    """One key a line; the first one encrypts, all of them decrypt.

    Thread-safe.
    """

    def __init__(self, path: str) -> None:
        self.path = path
        self._new = f'{path}.new'
        self._directory = os.path.dirname(os.path.abspath(path))
        self._known: tuple[_Moment, KeyRing] | None = None

    def ring(self) -> KeyRing:
        """Give the keys as they are now.

        :raises CredentialsKeyError: says what is wrong with the file, and
            what to do.
        """
        with self._readable():
            moment = _moment(os.stat(self.path))
        known = self._known
        if known is None or known[0] != moment:
            ring = KeyRing(self._lines(), self.path)
            known = self._known = moment, ring
        return known[1]

    @property
    def exists(self) -> bool:
        return os.path.lexists(self.path)

    def make(self) -> bool:
        """Make the file with a new key; False if there is one already.

        Of many processes that do this at once, one makes it.

        :raises CredentialsKeyError: if it cannot be made.
        """
        with self._writable():
            descriptor, draft = tempfile.mkstemp(
                prefix=f'{os.path.basename(self.path)}.', dir=self._directory
            )
            try:
                with open(descriptor, 'w', encoding='ascii') as file:
                    self._write(file, [sealing.new_key()])
                os.link(draft, self.path)
            except FileExistsError:
                return False
            finally:
                os.unlink(draft)
            _flush(self._directory)
        return True

    def add(self, *, standby: bool = False) -> str:
        """Add a new key, and give its id.

        :param standby: put it last, so that it only decrypts.
        :raises CredentialsKeyError: if the file cannot be read or written, or
            is being changed.
        """
        key = sealing.new_key()
        with self._writable():
            with self._draft() as file:
                keys = self._lines()
                keys = [*keys, key] if standby else [key, *keys]
                # Nothing is added to what would not be read.
                KeyRing(keys, self.path)
                self._write(file, keys)
                os.replace(self._new, self.path)
            _flush(self._directory)
        return sealing.key_id(key)

    def _lines(self) -> list[str]:
        with (
            self._readable(),
            open(self.path, encoding='ascii', errors='replace') as file,
        ):
            self._check(os.fstat(file.fileno()))
            lines = [line.strip() for line in file]
        return [line for line in lines if line]

    def _check(self, status: os.stat_result) -> None:
        """Make sure that the keys have been ours alone.

        :raises CredentialsKeyError: says what to do.
        """
        mode = status.st_mode & 0o777
        if mode & _OTHERS:
            self._refuse(
                f'others may read or change it (mode {mode:04o}): consider '
                'whether its keys are still secret, and run '
                f'"chmod {_MODE:04o} {self.path}"'
            )
        if status.st_uid not in self._owners():
            self._refuse(
                f'it belongs to {_user(status.st_uid)}, and this process is '
                f'{_user(os.geteuid())}: run "chown {_user(os.geteuid())} '
                f'{self.path}"'
            )

    def _owners(self) -> set[int]:
        """Give whose file it may be: root also works for the services."""
        us = os.geteuid()
        return {us} if us else {us, os.stat(self._directory).st_uid}

    def _write(self, file: TextIO, keys: Sequence[str]) -> None:
        if os.geteuid() == 0:
            # The services, to whom the directory belongs, have to read it.
            directory = os.stat(self._directory)
            os.fchown(file.fileno(), directory.st_uid, directory.st_gid)
        file.writelines(f'{key}\n' for key in keys)
        file.flush()
        os.fsync(file.fileno())

    @contextlib.contextmanager
    def _draft(self) -> Iterator[TextIO]:
        """Open what is to replace the file; only one process can."""
        flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL
        try:
            descriptor = os.open(self._new, flags, _MODE)
        except FileExistsError:
            self._refuse(
                'another process is changing it; if there is none, remove '
                f'{self._new}'
            )
        try:
            with open(descriptor, 'w', encoding='ascii') as file:
                yield file
        except BaseException:
            os.unlink(self._new)
            raise

    @contextlib.contextmanager
    def _readable(self) -> Iterator[None]:
        try:
            yield
        except FileNotFoundError:
            self._refuse(
                'it is not there. Copy it from a host that has it; the first '
                'one is made by "valence-manage credentials setup"'
            )
        except OSError as error:
            self._refuse(
                f'{_user(os.geteuid())} cannot read it ({error.strerror}), '
                'to whom it has to belong'
            )

    @contextlib.contextmanager
    def _writable(self) -> Iterator[None]:
        try:
            yield
        except OSError as error:
            self._refuse(
                f'{_user(os.geteuid())} cannot write it ({error.strerror})'
            )

    def _refuse(self, reason: str) -> Never:
        raise exception.CredentialsKeyError(file=self.path, reason=reason)


def _moment(status: os.stat_result) -> _Moment:
    return status.st_ino, status.st_ctime_ns, status.st_size


def _user(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return str(uid)


def _flush(directory: str) -> None:
    """Have the entries of a directory on the disk."""
    descriptor = os.open(directory, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
