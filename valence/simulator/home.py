"""The event loop that pods live in, and the way in from other threads."""

import asyncio
import threading
import typing
from collections.abc import Callable, Coroutine

Result = typing.TypeVar('Result')

# A loop that takes longer has stopped, and no answer will come.
_PATIENCE_SECONDS = 30


class Home:
    """The loop of all pods of a simulator; none while it is stopped."""

    def __init__(self) -> None:
        self._loop: asyncio.AbstractEventLoop | None = None
        self._thread: int | None = None
        self._tasks: set[asyncio.Task[typing.Any]] = set()

    def enter(self) -> None:
        """Take the running loop."""
        self._loop = asyncio.get_running_loop()
        self._thread = threading.get_ident()

    async def leave(self) -> None:
        """End what was kept, and have no loop."""
        self._loop = None
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def run(self, work: Callable[[], Result]) -> Result:
        """Call a function where pods may be changed, from any thread."""
        if self._loop is None or self._thread == threading.get_ident():
            return work()

        async def inside() -> Result:
            return work()

        done = asyncio.run_coroutine_threadsafe(inside(), self._loop)
        return done.result(_PATIENCE_SECONDS)

    def keep(
        self, work: Coroutine[typing.Any, typing.Any, Result]
    ) -> 'asyncio.Task[Result]':
        """Begin what goes on until it ends, or the simulator does."""
        # The loop itself would not keep it from being collected.
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)
        return task
