"""Has pod managers send their events to us, by a subscription each.

It is looked after at each sync, so that one that was lost there is made
again: after a restore from backup, a change of the url, or of where events
are to go. There is never more than one, as far as we can find ours: by its
destination, which has the uuid of the pod manager, or by its context. Nothing
here makes a sync or a deletion fail.
"""

import hashlib
import logging
from collections.abc import Callable, Sequence

from valence.common import exception, http_deadline
from valence.db.api import Database, Tables
from valence.objects.event import Subscription, Way
from valence.objects.pod_manager import PodManager
from valence.objects.task import Task
from valence.podm.base import Connection, Events
from valence.podm.pool import Pool
from valence.tasks import events
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, Outcome, Wait
from valence.tasks.run import TaskRun

LOG = logging.getLogger(__name__)

#: Where the API takes events, below the url that pod managers reach.
_PLACE = '/v1/events/'
#: Seconds for all that is done at a pod manager, and where it is deleted.
_PATIENCE = 20
_LAST_PATIENCE = 5


class Subscriber:
    """Makes, renews and ends subscriptions. Thread-safe.

    :param destination: url of the API; None to have none.
    """

    def __init__(
        self, database: Database, pool: Pool, *, destination: str | None
    ) -> None:
        self._podms = database.pod_managers
        self._pool = pool
        self._place = (
            f'{destination.rstrip("/")}{_PLACE}' if destination else None
        )

    def renew(self, uuid: str) -> None:
        """See to it that there is one subscription of a pod manager.

        Or none, where there is to be none. What it cannot do it logs.
        """
        self._attempt(uuid, self._renew, _PATIENCE)

    def end(self, uuid: str) -> None:
        """End the subscriptions of a pod manager, as far as it answers."""
        self._attempt(uuid, self._end, _LAST_PATIENCE)
        self._pool.discard(uuid)

    def _attempt(
        self,
        uuid: str,
        act: Callable[[PodManager, Connection], None],
        patience: float,
    ) -> None:
        try:
            podm = self._podms.get(ident=uuid)
            if self._place is None and podm.event_digest is None:
                return
            with http_deadline.within(patience):
                act(podm, self._pool.get(podm))
        except (
            exception.UnsupportedAction,
            exception.PodManagerNotFound,
            exception.CredentialsUnreadable,
        ) as error:
            LOG.debug('No events of %s: %s', uuid, error)
        except exception.PodManagerError as error:
            LOG.warning('No events of %s: %s', uuid, error)

    def _renew(self, podm: PodManager, connection: Connection) -> None:
        api = connection.events
        if Way.PUSH not in api.offers():
            return
        if self._place is None:
            self._end(podm, connection)
            self._store(podm, None)
            return
        found = api.subscriptions()
        good = [each for each in found if self._is_current(podm, each)][:1]
        self._drop(api, podm, [each for each in found if each not in good])
        if not good:
            self._subscribe(podm, api)

    def _subscribe(self, podm: PodManager, api: Events) -> None:
        token = events.new_token()
        digest = events.digest_of(token)
        # First, since its events may come before its answer does.
        self._store(podm, digest)
        try:
            api.subscribe(
                destination=f'{self._place}{podm.uuid}/{token}',
                context=self._context(podm.uuid, digest),
            )
        except exception.PodManagerError as error:
            # What it says may have the destination in it.
            words = [str(error), *error.reasons]
            told = '; '.join(words).replace(token, '***')
            LOG.warning('%s takes no subscription: %s', podm.name, told)
            return
        LOG.info('Pod Manager %s sends its events', podm.name)

    def _end(self, podm: PodManager, connection: Connection) -> None:
        api = connection.events
        self._drop(api, podm, api.subscriptions())

    def _drop(
        self, api: Events, podm: PodManager, found: Sequence[Subscription]
    ) -> None:
        """End those that are ours, but for those of other pod managers."""
        uuids = {each.url: self._uuid_in(each, podm) for each in found}
        known = self._podms.existing(
            uuids={uuid for uuid in uuids.values() if uuid is not None}
        )
        for url, uuid in uuids.items():
            if uuid == podm.uuid or (uuid is not None and uuid not in known):
                LOG.info('%s: ending a subscription: %s', podm.name, url)
                api.unsubscribe(url)

    def _uuid_in(self, one: Subscription, podm: PodManager) -> str | None:
        """Give the pod manager that one of our subscriptions is for.

        Who else has a Valence has another url for it.
        """
        if (one.context or '').startswith(_prefix(podm.uuid)):
            return podm.uuid
        before, _, rest = (one.destination or '').partition(_PLACE)
        uuid = rest.partition('/')[0]
        ours = uuid == podm.uuid or f'{before}{_PLACE}' == self._place
        return uuid if uuid and ours else None

    def _is_current(self, podm: PodManager, one: Subscription) -> bool:
        """Tell whether a subscription is the one that was made last.

        Either tells, where the other is masked or left out.
        """
        digest = podm.event_digest
        if digest is None:
            return False
        before = f'{self._place}{podm.uuid}/'
        destination = one.destination or ''
        token = destination.removeprefix(before)
        return one.context == self._context(podm.uuid, digest) or (
            token != destination and events.digest_of(token) == digest
        )

    def _context(self, uuid: str, digest: str) -> str:
        """Give what tells one subscription from those before it."""
        mark = hashlib.sha256(f'{self._place} {digest}'.encode())
        return f'{_prefix(uuid)}{mark.hexdigest()[:16]}'

    def _store(self, podm: PodManager, digest: str | None) -> None:
        self._podms.update(uuid=podm.uuid, values={'event_digest': digest})


def _prefix(uuid: str) -> str:
    return f'valence:{uuid}:'


class _Beside(Handler):
    """A handler with something beside what it does."""

    def __init__(self, handler: Handler, subscriber: Subscriber) -> None:
        self.action = handler.action
        self._handler = handler
        self._subscriber = subscriber

    def may_stop(self, run: TaskRun) -> bool:
        return self._handler.may_stop(run)

    def undo(self, run: TaskRun) -> Wait | None:
        return self._handler.undo(run)

    def failed(
        self, tables: Tables, task: Task, error: exception.ValenceError
    ) -> None:
        self._handler.failed(tables, task, error)


class Subscribing(_Beside):
    """A sync before which the subscription is looked after.

    Before, so that what changes during the walk is told.
    """

    def run(self, run: TaskRun) -> Outcome:
        self._subscriber.renew(run.task.podm_id or '')
        return self._handler.run(run)


class Unsubscribing(_Beside):
    """A deletion after which the subscription is ended."""

    def run(self, run: TaskRun) -> Outcome:
        outcome = self._handler.run(run)
        if isinstance(outcome, Completed):
            self._subscriber.end(run.task.podm_id or '')
        return outcome
