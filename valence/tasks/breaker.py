"""The circuit breaker: pod managers that do not answer are left alone.

Its state is in the database, for all processes alike. After a few calls in a
row that got no answer a pod manager is Offline and nobody calls it; now and
then one task probes it (see ``conductor.rounds``), and its first answer, to
whomever, closes the breaker again.
"""

import logging
from collections.abc import Callable

from valence.common import exception
from valence.db.api import Database
from valence.objects import times
from valence.objects.pod_manager import PodManager

LOG = logging.getLogger(__name__)


class Breaker:
    """Opens and closes. Thread-safe.

    :param failures: calls without an answer after which it opens.
    :param pause: seconds until an open one is probed.
    """

    def __init__(
        self, database: Database, *, failures: int, pause: float
    ) -> None:
        self._database = database
        self._failures = failures
        self._pause = pause

    def admit(self, podm: PodManager) -> None:
        """Make sure that a pod manager is not left alone just now.

        :param podm: the record as it is now.
        :raises PodManagerUnreachable: if it is.
        """
        if podm.broken:
            raise exception.PodManagerUnreachable(
                url=podm.url,
                reason=f'{podm.failures} calls in a row got no answer, the '
                'next one is made after '
                f'{times.show(podm.retry_at)}',
            )

    def health(self, podm: PodManager) -> 'Health':
        """Give what is to be told how each call ends."""
        return Health(self, podm)

    def answered(self, podm: PodManager) -> None:
        """Begin to count anew."""
        if self._write(
            lambda: self._database.pod_managers.answered(uuid=podm.uuid)
        ):
            LOG.info('Pod Manager %s answers again', podm.name)
            self._write(lambda: self._database.tasks.wake(podm_id=podm.uuid))

    def unanswered(self, podm: PodManager, reason: str) -> None:
        """Count one more, and open after too many."""
        if self._write(
            lambda: self._database.pod_managers.unanswered(
                uuid=podm.uuid,
                reason=reason,
                most=self._failures,
                pause=self._pause,
            )
        ):
            LOG.warning('Pod Manager %s is left alone: %s', podm.name, reason)

    def _write(self, write: Callable[[], bool | None]) -> bool:
        """Write; what cannot be written is counted the next time."""
        try:
            return bool(write())
        except exception.DatabaseUnavailable as error:
            LOG.debug('Not counted: %s', error)
            return False


class Health:
    """Tells the breaker of one pod manager's calls.

    An answer is only worth a write after a failure.
    """

    def __init__(self, breaker: Breaker, podm: PodManager) -> None:
        self._breaker = breaker
        self._podm = podm
        self._failed = podm.failures > 0

    def seen(self, podm: PodManager) -> None:
        """Hear what the record says now: others may have failed."""
        if podm.failures > 0:
            self._failed = True

    def answered(self) -> None:
        if self._failed:
            self._failed = False
            self._breaker.answered(self._podm)

    def unanswered(self, reason: str) -> None:
        self._failed = True
        self._breaker.unanswered(self._podm, reason)
