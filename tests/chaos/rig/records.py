"""What is read in the records of tasks, and in logs."""

from collections import Counter
from collections.abc import Iterable, Mapping
from typing import Any

from tests.chaos.rig.rig import Rig

Record = Mapping[str, Any]


def why(task: Record) -> str:
    """Say how a task ended: its status, and the title of its error."""
    error = task['error'] or {'status': '', 'title': ''}
    return f'{task["status"]} {error["status"]} {error["title"]}'.strip()


def untyped(tasks: Iterable[Record]) -> list[Record]:
    """Give the tasks that ended in an error nobody has thought of."""
    return [
        task
        for task in tasks
        if task['error'] and task['error']['status'] == 500
    ]


def count(values: Iterable[str]) -> str:
    """Say how often each was there."""
    counts = Counter(values).most_common()
    return ', '.join(f'{number} {value}' for value, number in counts)


def tracebacks(rig: Rig) -> dict[str, str]:
    """Give the tracebacks of all logs, by service; those without left out."""
    logs = {name: rig.stack.log(name) for name in rig.services.names()}
    return {
        name: log[log.index('Traceback (') :]
        for name, log in logs.items()
        if 'Traceback (' in log
    }
