"""Chooses the pod manager for a node that names none.

Candidates are Online and not full by the count of their last sync; the one
with the smallest share of what it can compose in use comes first. The choice
is a guess: the pod manager itself decides, and if it has nothing that
matches, the next one is tried.
"""

from collections.abc import Collection
from dataclasses import dataclass

from valence.common.states import PodManagerStatus
from valence.db.api import Database, Lease, Query, Tables
from valence.objects.pod_manager import PodManager


@dataclass(frozen=True, slots=True)
class Choice:
    """What the scheduler found.

    :ivar ranked: uuids, best first.
    :ivar refused: for each other one, by its name, why not.
    """

    ranked: list[str]
    refused: dict[str, str]

    def reasons(self) -> list[str]:
        """Give the refusals in the user's terms, one a pod manager."""
        if not self.refused and not self.ranked:
            return ['No pod manager is registered.']
        return [f'{name}: {why}' for name, why in self.refused.items()]


class Scheduler:
    def __init__(self, database: Database) -> None:
        self._database = database

    def choose(self, *, excluded: Collection[str]) -> Choice:
        """Rank the pod managers.

        :param excluded: uuids of those that were tried already.
        """
        podms = self._database.pod_managers.list(query=Query())
        nodes = self._database.nodes.count_by_pod_manager()
        ranked: list[tuple[float, str]] = []
        refused: dict[str, str] = {}
        for podm in podms:
            used = nodes.get(podm.uuid, 0)
            why_not = _why_not(podm, used, excluded)
            if why_not is None:
                ranked.append((_share(podm, used), podm.uuid))
            else:
                refused[podm.name] = why_not
        return Choice([uuid for _, uuid in sorted(ranked)], refused)

    def place(self, node: str, podm_id: str, lease: Lease) -> None:
        """Put a node on a pod manager, which is not deleted then.

        :param node: its uuid.
        :param lease: of the task that composes it.
        :raises PodManagerNotFound, Busy: if it is being deleted by now.
        :raises LeaseLost:
        """

        def write(tables: Tables) -> None:
            tables.tasks.hold(lease=lease)
            tables.pod_managers.admit_node(uuid=podm_id)
            tables.nodes.update(uuid=node, values={'podm_id': podm_id})

        self._database.write(write)


def _why_not(
    podm: PodManager, used: int, excluded: Collection[str]
) -> str | None:
    if podm.uuid in excluded:
        return 'it was tried, and has no matching system'
    if podm.status != PodManagerStatus.ONLINE:
        return f'it is {podm.status}'
    most = _most(podm)
    if most is not None and used >= most:
        return f'all of its {most} systems are in use'
    return None


def _most(podm: PodManager) -> int | None:
    """Give how many nodes it can have; None before its first sync."""
    found: int | None = podm.usage.get('capacity', podm.usage.get('systems'))
    return found


def _share(podm: PodManager, used: int) -> float:
    # Before the first sync the size is not known: behind what is known.
    most = _most(podm)
    return used / most if most else 1 + used
