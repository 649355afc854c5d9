"""The worker: claims due tasks of a topic and runs their handlers.

It looks when the bell rings, when a thread gets free, when a task that it
put to wait is due, and every few seconds anyhow: so what was lost by anyone
is found. Recovery is no special case.
"""

import concurrent.futures
import logging
import threading
import time
from collections.abc import Iterable

from valence.common import context, exception, periodic
from valence.common.states import TaskState
from valence.db.api import Database, LeaseLost, Tables
from valence.objects.task import Task
from valence.tasks.alarms import Alarms
from valence.tasks.doorbell import Doorbell
from valence.tasks.handler import Handler
from valence.tasks.leases import Leases
from valence.tasks.outcome import Completed, HandOver, Outcome, Wait
from valence.tasks.progress import Progress
from valence.tasks.run import TaskRun

LOG = logging.getLogger(__name__)

#: Seconds until a task is looked at again that this version cannot do.
_UNKNOWN_ACTION_DELAY = 10
#: Seconds that tasks in hand have to end when the process ends.
_PATIENCE = 20


class Worker:
    """Takes the tasks of one topic.

    :param owner: ``<host>:<boot id>``, unique to this process.
    :param threads: tasks at the same time.
    :param lease: seconds for which a claim holds; it is renewed.
    :param sweep_interval: seconds between two looks without any bell.
    """

    def __init__(
        self,
        topic: str,
        handlers: Iterable[Handler],
        *,
        database: Database,
        doorbell: Doorbell,
        owner: str,
        threads: int,
        lease: float,
        sweep_interval: float,
    ) -> None:
        self._topic = topic
        self._handlers = {handler.action: handler for handler in handlers}
        self._database = database
        self._doorbell = doorbell
        self._owner = owner
        self._threads = threads
        self._lease = lease
        self._sweep_interval = sweep_interval
        self._progress = Progress(database)
        self._leases = Leases(database, owner, lease)
        self._pool = concurrent.futures.ThreadPoolExecutor(
            threads, thread_name_prefix=topic
        )
        self._wake = threading.Event()
        self._stopping = threading.Event()
        self._saturated = False
        self._paused = False
        self._alarms = Alarms()
        self._loop = threading.Thread(
            target=self._run, name=f'{topic}-worker', daemon=True
        )

    def start(self) -> None:
        self._progress.start()
        self._leases.start()
        self._loop.start()

    def stop(self) -> None:
        """Claim nothing more, let what is in hand end, give the rest back."""
        self._stopping.set()
        self._wake.set()
        self._loop.join()
        end = time.monotonic() + _PATIENCE
        while len(self._leases) and time.monotonic() < end:
            time.sleep(0.05)
        self._pool.shutdown(wait=False, cancel_futures=True)
        self._leases.stop()
        self._progress.stop()
        self._give_back()

    def pause(self, paused: bool) -> None:
        """Take no new tasks, or take them again; those in hand go on."""
        if paused == self._paused:
            return
        LOG.info('%s: %s', self._topic, 'paused' if paused else 'resumed')
        self._paused = paused
        self.look()

    def look(self) -> None:
        """Look for tasks now; returns at once."""
        self._wake.set()

    def _run(self) -> None:
        while not self._stopping.is_set():
            self._wake.clear()
            try:
                self._take()
            except exception.DatabaseUnavailable as error:
                LOG.warning('Cannot look for tasks: %s', error)
            except Exception:
                LOG.exception('Looking for tasks failed; it goes on')
            self._wake.wait(self._pause())

    def _pause(self) -> float:
        sweep = periodic.vary(self._sweep_interval, 0.2)
        return min(sweep, self._alarms.seconds_to_next())

    def _take(self) -> None:
        self._alarms.forget_past()
        if self._paused:
            return
        free = self._threads - len(self._leases)
        # Said before the claim, so that a thread that ends meanwhile wakes us.
        self._saturated = True
        tasks = self._claim(free) if free > 0 else []
        self._saturated = free <= 0 or len(tasks) == free
        for task in tasks:
            run = TaskRun(
                task,
                owner=self._owner,
                lease=self._lease,
                database=self._database,
                progress=self._progress,
            )
            self._leases.add(run)
            self._pool.submit(self._work, run)

    def _claim(self, free: int) -> list[Task]:
        return list(
            self._database.tasks.claim(
                topic=self._topic,
                owner=self._owner,
                lease=self._lease,
                limit=free,
            )
        )

    def _work(self, run: TaskRun) -> None:
        _take_context(run.task)
        try:
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
        finally:
            self._leases.remove(run)
            if self._saturated:
                self._wake.set()

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
            outcome = handler.run(run)
        except (LeaseLost, exception.DatabaseUnavailable):
            raise
        except exception.ValenceError as error:
            self._fail(run, handler, error)
        except Exception:
            LOG.exception('Task %s crashed', task.uuid)
            self._fail(run, handler, exception.ValenceError())
        else:
            self._leave(run, outcome)

    def _leave(self, run: TaskRun, outcome: Outcome) -> None:
        if isinstance(outcome, Wait):
            self._wait(run, outcome)
        elif isinstance(outcome, HandOver):
            self._hand_over(run, outcome)
        else:
            self._complete(run, outcome)

    def _wait(self, run: TaskRun, outcome: Wait) -> None:
        self._database.tasks.wait(
            lease=run.lease, delay=outcome.delay, values=run.leaving()
        )
        self._alarms.set(outcome.delay)
        self._wake.set()

    def _hand_over(self, run: TaskRun, outcome: HandOver) -> None:
        values = dict(run.leaving())
        if outcome.podm_id is not None:
            values['podm_id'] = outcome.podm_id

        def work(tables: Tables) -> None:
            tables.tasks.hand_over(
                lease=run.lease, topic=outcome.topic, values=values
            )
            if outcome.also is not None:
                outcome.also(tables)

        self._database.write(work)
        self._doorbell.ring(outcome.topic)

    def _complete(self, run: TaskRun, outcome: Completed) -> None:
        run.leaving()

        def work(tables: Tables) -> None:
            tables.tasks.finish(
                lease=run.lease,
                state=TaskState.COMPLETED,
                message=outcome.message,
                result=outcome.result,
            )
            if outcome.also is not None:
                outcome.also(tables)

        self._database.write(work)
        LOG.info('Task %s completed: %s', run.task.uuid, outcome.message)

    def _fail(
        self,
        run: TaskRun,
        handler: Handler,
        error: exception.ValenceError,
    ) -> None:
        run.leaving()

        def work(tables: Tables) -> None:
            tables.tasks.finish(
                lease=run.lease,
                state=TaskState.FAILED,
                message=error.detail,
                error=error.to_dict(),
            )
            handler.failed(tables, run.task, error)

        self._database.write(work)
        LOG.info('Task %s failed: %s', run.task.uuid, error.detail)

    def _give_back(self) -> None:
        left = self._leases.give_up()
        if not left:
            return
        LOG.warning('Giving back tasks that are still open: %s', left)
        try:
            self._database.tasks.release(owner=self._owner, uuids=left)
        except exception.ValenceError as error:
            LOG.warning('They wait for the end of their leases: %s', error)


def _take_context(task: Task) -> None:
    """Let the log of this thread carry the request that asked."""
    context.RequestContext(
        request_id=task.request_id,
        user_id=task.user_id,
        project_id=task.project_id,
        overwrite=True,
    )
