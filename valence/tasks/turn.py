"""One turn on a claimed task: its handler goes on, what comes is written."""

import logging
from collections.abc import Callable, Iterable

from valence.common import context, exception, failpoints, http_client
from valence.common.states import TaskState
from valence.db.api import Database, LeaseLost, Tables
from valence.objects.task import Task
from valence.tasks.doorbell import Doorbell
from valence.tasks.handler import Handler
from valence.tasks.outcome import Completed, HandOver, Outcome, Wait
from valence.tasks.run import Leaving, Stopped, TaskRun

LOG = logging.getLogger(__name__)

#: Seconds until a task is looked at again that this version cannot do.
_UNKNOWN_ACTION_DELAY = 10
#: Seconds until a task with a deadline tries a pod manager again that is
#: away. It is woken before when the pod manager answers somebody else.
_AWAY_DELAY = 5


class Turns:
    """Gives claimed tasks to their handlers. Thread-safe.

    :param waiting: is told in how many seconds a task is due that was put
        to wait.
    """

    def __init__(
        self,
        handlers: Iterable[Handler],
        *,
        database: Database,
        doorbell: Doorbell,
        waiting: Callable[[float], None],
    ) -> None:
        self._handlers = {handler.action: handler for handler in handlers}
        self._database = database
        self._doorbell = doorbell
        self._waiting = waiting

    def take(self, run: TaskRun) -> None:
        """Go on with a task until it ends or has to wait; never raise."""
        _take_context(run.task)
        try:
            with http_client.each_change_after(run.check):
                self._go_on(run)
        except LeaseLost:
            LOG.warning(
                'Task %s was taken over by another worker', run.task.uuid
            )
        except exception.DatabaseUnavailable as error:
            LOG.warning(
                'Task %s is left to the end of its lease: %s',
                run.task.uuid,
                error,
            )
        except Exception:
            LOG.exception('Task %s could not be written', run.task.uuid)

    def _go_on(self, run: TaskRun) -> None:
        task = run.task
        LOG.info(
            'Task %s (%s), attempt %s', task.uuid, task.action, task.attempt
        )
        handler = self._handlers.get(task.action)
        if handler is None:
            # A newer version may have written it; another worker may know.
            LOG.error('Task %s has an unknown action', task.uuid)
            self._wait(run, Wait(_UNKNOWN_ACTION_DELAY))
            return
        try:
            outcome = self._outcome(run, handler)
        except (LeaseLost, exception.DatabaseUnavailable):
            raise
        except Leaving:
            self._wait(run, Wait(0))
        except exception.ValenceError as error:
            self._fail(run, handler, error)
        except Exception:
            LOG.exception('Task %s crashed', task.uuid)
            self._fail(run, handler, exception.ValenceError())
        else:
            self._leave(run, outcome)

    def _outcome(self, run: TaskRun, handler: Handler) -> Outcome | None:
        """Let the handler go on; None once a task was stopped and ended."""
        run.stoppable = handler.may_stop(run)
        try:
            run.check()
            return handler.run(run)
        except Stopped:
            return self._stop(run, handler)
        except exception.PodManagerUnreachable:
            # Past its deadline it is stopped in its next turn, if it can be.
            left = run.seconds_left
            if left is None or not (left or run.stoppable):
                raise
            return Wait(_AWAY_DELAY)

    def _stop(self, run: TaskRun, handler: Handler) -> Outcome | None:
        run.stoppable = False
        pause = handler.undo(run)
        if pause is None:
            error = (
                exception.Cancelled()
                if run.cancelled
                else exception.DeadlineExceeded()
            )
            self._fail(run, handler, error)
        return pause

    def _leave(self, run: TaskRun, outcome: Outcome | None) -> None:
        if isinstance(outcome, Wait):
            self._wait(run, outcome)
        elif isinstance(outcome, HandOver):
            self._hand_over(run, outcome)
        elif outcome is not None:
            self._complete(run, outcome)

    def _wait(self, run: TaskRun, outcome: Wait) -> None:
        delay = min(outcome.delay, run.seconds_to_stop)
        self._database.tasks.wait(
            lease=run.lease,
            delay=delay,
            values=run.last_words(),
            heard=run.cancelled,
        )
        self._waiting(delay)

    def _hand_over(self, run: TaskRun, outcome: HandOver) -> None:
        values = dict(run.last_words())
        if outcome.podm_id is not None:
            values['podm_id'] = outcome.podm_id

        def work(tables: Tables) -> None:
            tables.tasks.hand_over(
                lease=run.lease,
                topic=outcome.topic,
                short=outcome.short,
                values=values,
            )
            if outcome.also is not None:
                outcome.also(tables)

        self._database.write(work)
        self._doorbell.ring(outcome.topic)

    def _complete(self, run: TaskRun, outcome: Completed) -> None:
        run.last_words()

        def work(tables: Tables) -> None:
            tables.tasks.finish(
                lease=run.lease,
                state=TaskState.COMPLETED,
                message=outcome.message,
                result=outcome.result,
            )
            if outcome.also is not None:
                outcome.also(tables)

        failpoints.reach('before_finish')
        self._database.write(work)
        failpoints.reach('after_finish')
        LOG.info('Task %s completed: %s', run.task.uuid, outcome.message)

    def _fail(
        self,
        run: TaskRun,
        handler: Handler,
        error: exception.ValenceError,
    ) -> None:
        run.last_words()
        stopped = isinstance(error, exception.Cancelled)
        state = TaskState.CANCELLED if stopped else TaskState.FAILED

        def work(tables: Tables) -> None:
            tables.tasks.finish(
                lease=run.lease,
                state=state,
                message=error.detail,
                error=error.to_dict(),
            )
            handler.failed(tables, run.task, error)

        self._database.write(work)
        LOG.info('Task %s %s: %s', run.task.uuid, state, error.detail)


def _take_context(task: Task) -> None:
    """Let the log of this thread carry the request that asked."""
    context.RequestContext(
        request_id=task.request_id,
        user_id=task.user_id,
        project_id=task.project_id,
        overwrite=True,
    )
