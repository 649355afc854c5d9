"""Has a node allocated at a pod manager exactly once.

The request itself can be sent only once: nobody knows, when no answer comes,
whether it took effect. So the node carries our tag, and whoever does not know
looks for that: at once, and until the pod manager cannot be at it any more.
Only then is the request sent again.
"""

from valence.common import exception, failpoints, http_client
from valence.compute.handlers import pending
from valence.compute.handlers.pending import Timing
from valence.db.api import Database, LeaseLost
from valence.objects.hardware import Pending
from valence.objects.node import node_tag
from valence.objects.requirements import Requirements
from valence.objects.task import Task
from valence.podm.base import Compute, Connection
from valence.tasks.outcome import Wait
from valence.tasks.run import TaskRun

#: In the memo: the url of the node.
NODE_URL = 'node_url'
#: In the memo: since when (us, by the database) nobody knows whether there
#: is a node; and how often one was asked for.
_UNSURE_SINCE, _TRIES = 'unsure_since', 'tries'
#: In the memo: what the pod manager said of it, which may be wrong: why the
#: operation failed, or the error that it answered.
_FAILED, _REFUSED = 'failed', 'refused'
#: In the memo: since when (us, by the database) it has been going on.
_SINCE = 'allocating_since'

#: Requests that may be sent, each after the one before made nothing.
_MOST_TRIES = 3
#: Each so manieth look at a monitor is also one for the node itself: some
#: monitors never say that they have ended.
_EACH = 4
#: Answers of what stands before the pod manager: it may be at it.
_GATEWAY = (502, 504)


class Allocation:
    """Asks for nodes, and finds those that were asked for. Thread-safe."""

    def __init__(self, database: Database, timing: Timing) -> None:
        self._database = database
        self._timing = timing

    def node(self, run: TaskRun, connection: Connection) -> str | Wait:
        """Give the url of the node, or when to ask again.

        :raises NoMatchingSystem: if the pod manager has nothing for it.
        :raises PodManagerError, NeedsAttention: as of :meth:`made`; nothing
            was asked for unless :meth:`may_be_there`.
        """
        found = self.made(run, connection)
        return self._ask(run, connection) if found is None else found

    def made(self, run: TaskRun, connection: Connection) -> str | Wait | None:
        """Give the url of what was made so far; None if nothing was.

        :raises AllocationFailed: if the pod manager says so.
        :raises PodManagerError: if it cannot be told just now.
        :raises NeedsAttention: if it cannot be told at all.
        """
        if run.memo.get(NODE_URL):
            return str(run.memo[NODE_URL])
        if run.memo.get(pending.MONITOR):
            return self._follow(run, connection)
        if _UNSURE_SINCE in run.memo:
            return self._search(run, connection)
        return None

    @staticmethod
    def note_takeover(run: TaskRun) -> None:
        """Note that a worker died, and may have asked for a node."""
        if run.taken_over and not run.memo.get(NODE_URL):
            # From now on: the last one may have asked again.
            run.memo[_UNSURE_SINCE] = run.now

    @staticmethod
    def may_be_there(run: TaskRun) -> bool:
        """Tell whether there may be something at the pod manager."""
        traces = (NODE_URL, pending.MONITOR, _UNSURE_SINCE)
        return any(run.memo.get(name) for name in traces)

    @staticmethod
    def forget(run: TaskRun) -> None:
        """Begin anew, elsewhere."""
        for name in (
            pending.MONITOR,
            _UNSURE_SINCE,
            _TRIES,
            _FAILED,
            _REFUSED,
            _SINCE,
            'looks',
            'why',
        ):
            run.memo.pop(name, None)

    def _ask(self, run: TaskRun, connection: Connection) -> str | Wait:
        run.progress('allocate', 10, f'Allocating at {connection.podm.name}')
        compute = connection.compute
        sent = pending.Sent(run.check)
        run.memo[_TRIES] = run.memo.get(_TRIES, 0) + 1
        failpoints.reach('before_allocate')
        try:
            with http_client.each_change_after(sent.note):
                made = _allocate(compute, run.task)
        except pending.NO_ANSWER as error:
            if not sent:
                raise
            return self._unsure(run, connection, error)
        except exception.PodManagerRefused as error:
            # A 4xx is the pod manager's own word for "nothing was done".
            read = error.kwargs['method'] == 'GET'
            if not sent or (error.kwargs['answer'] < 500 and not read):  # noqa: PLR2004
                raise
            if not read and error.kwargs['answer'] not in _GATEWAY:
                run.memo[_REFUSED] = error.to_dict()
            return self._unsure(run, connection, error)
        failpoints.reach('after_allocate')
        return self._accepted(run, compute, made)

    def _accepted(
        self, run: TaskRun, compute: Compute, made: str | Pending
    ) -> str | Wait:
        if isinstance(made, Pending):
            return pending.keep(run, made, self._timing.poll)
        run.memo[NODE_URL] = made
        try:
            run.check()
        except LeaseLost:
            self._disown(run, compute, made)
            raise
        return made

    def _disown(self, run: TaskRun, compute: Compute, url: str) -> None:
        """Delete what we made after somebody else had taken our place.

        Not what the other one has found and taken for the node, nor may
        find.
        """
        task = self._database.tasks.get(uuid=run.task.uuid)
        theirs = task.memo.get(NODE_URL) or (task.result or {}).get(
            'resource_url'
        )
        if url != theirs and (theirs is not None or task.ended):
            with http_client.each_change_after(lambda: None):
                compute.delete_node(url)

    def _unsure(
        self,
        run: TaskRun,
        connection: Connection,
        error: exception.PodManagerError,
    ) -> str | Wait:
        """Look for what a request without an answer made."""
        run.memo[_UNSURE_SINCE] = run.now
        run.memo['why'] = error.detail
        # Nobody may think that nothing was asked for, whatever comes now.
        run.remember()
        found = self.made(run, connection)
        return Wait(self._timing.poll) if found is None else found

    def _follow(
        self, run: TaskRun, connection: Connection
    ) -> str | Wait | None:
        """Look how an allocation goes that was accepted."""
        monitor = pending.look(run, connection)
        looks = run.memo['looks'] = run.memo.get('looks', 0) + 1
        pending.answered(run)
        if pending.has_failed(monitor):
            del run.memo[pending.MONITOR]
            run.memo[_FAILED] = list(monitor.reasons)
            run.memo.setdefault(_UNSURE_SINCE, run.now)
            return self._search(run, connection)
        going_on = pending.goes_on(monitor)
        if going_on and looks % _EACH:
            self._bound(run, connection)
            return pending.wait(monitor.delay, self._timing.poll)
        found = monitor.location or connection.compute.find_node(
            _tag(run.task)
        )
        if found is not None or not going_on:
            del run.memo[pending.MONITOR]
        if found is not None:
            run.memo[NODE_URL] = found
            return found
        if going_on:
            self._bound(run, connection)
            return pending.wait(monitor.delay, self._timing.poll)
        # It says that it has ended, or nothing: it may yet come.
        run.memo[_UNSURE_SINCE] = run.now
        return Wait(self._timing.poll)

    def _search(
        self, run: TaskRun, connection: Connection
    ) -> str | Wait | None:
        """Look for our tag; None once nothing can come any more."""
        run.progress('search', 10, f'Looking at {connection.podm.name}')
        compute, tag = connection.compute, _tag(run.task)
        going_on = compute.find_pending(tag)
        found = compute.find_node(tag)
        pending.answered(run)
        if found is not None:
            run.memo[NODE_URL] = found
            return found
        if going_on is not None:
            self._bound(run, connection)
            run.memo.pop(_FAILED, None)
            return pending.keep(run, going_on, self._timing.poll)
        self._believe(run, connection)
        since = run.memo.setdefault(_UNSURE_SINCE, run.now)
        left = self._timing.settle - run.seconds_since(since)
        if left > 0:
            return Wait(min(left, self._timing.poll))
        return self._nothing(run, connection)

    def _believe(self, run: TaskRun, connection: Connection) -> None:
        """End with what the pod manager said, as there is nothing else.

        :raises AllocationFailed: if it said that the allocation failed.
        :raises TaskFailed: with its error.
        """
        failed = run.memo.pop(_FAILED, None)
        refused = run.memo.pop(_REFUSED, None)
        if failed is not None or refused is not None:
            run.memo.pop(_UNSURE_SINCE, None)
        if failed is not None:
            raise exception.AllocationFailed(
                podm=connection.podm.name, reasons=failed
            )
        if refused is not None:
            raise exception.TaskFailed(error=refused)

    def _nothing(self, run: TaskRun, connection: Connection) -> None:
        """Note that the last request made nothing.

        :raises AllocationFailed: if that was so too often.
        """
        del run.memo[_UNSURE_SINCE]
        if run.memo.get(_TRIES, 0) >= _MOST_TRIES:
            raise exception.AllocationFailed(
                podm=connection.podm.name, reasons=[run.memo.get('why', '')]
            )

    def _bound(self, run: TaskRun, connection: Connection) -> None:
        """Make sure that it does not go on for ever.

        :raises NeedsAttention: if it has for too long.
        """
        since = run.memo.setdefault(_SINCE, run.now)
        if run.seconds_since(since) > self._timing.give_up:
            raise pending.unfinished(connection.podm.name, 'allocating')


def _allocate(compute: Compute, task: Task) -> str | Pending:
    request = task.request
    return compute.allocate_node(
        name=request['name'],
        description=request['description'],
        tag=_tag(task),
        requirements=Requirements.from_properties(request['properties']),
    )


def _tag(task: Task) -> str:
    return node_tag(task.resource_uuid or '')
