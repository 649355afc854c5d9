"""What the controllers work with."""

from collections.abc import Sequence
from dataclasses import dataclass

from valence.common.http_addresses import Network
from valence.common.policy import Policy
from valence.compute.rpcapi import ComputeAPI
from valence.conductor.rpcapi import ConductorAPI
from valence.db.api import Database
from valence.tasks.events import Reception
from valence.tasks.submit import Submitter
from valence.tasks.waiter import Waiter


@dataclass(frozen=True, slots=True)
class Deps:
    """:ivar max_limit: items of one page, by default and at the most.

    :ivar max_wait: seconds that a request may wait for a task.
    :ivar max_tasks: of a pod manager that says nothing of it.
    :ivar allowed_networks: whose addresses pod managers may have in any case.
    """

    database: Database
    submitter: Submitter
    waiter: Waiter
    reception: Reception
    conductor: ConductorAPI
    compute: ComputeAPI
    policy: Policy
    max_limit: int
    max_wait: float
    max_tasks: int
    down_time: float
    allowed_networks: Sequence[Network]
