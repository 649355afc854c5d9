"""What a rig is built of."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

MARIADB, POSTGRESQL = 'mariadb', 'postgresql'

#: Seconds, the usual ones of a rig.
LEASE = 4
SWEEP = 0.5

Options = Mapping[str, Sequence[str]]

#: As fast to recover as can be, so that minutes show what takes hours.
_OPTIONS: Options = {
    'DEFAULT': ['rpc_call_timeout = 5'],
    'tasks': [f'lease = {LEASE}', f'sweep_interval = {SWEEP}'],
    'http_client': ['connect_timeout = 2', 'change_timeout = 5'],
    'conductor': ['probe_timeout = 2'],
}


@dataclass(frozen=True, slots=True, kw_only=True)
class Plan:
    """:ivar own_database: whether it is one that the test may kill.

    :ivar own_broker: likewise.
    :ivar proxied: whether there is a cable to the broker, to be cut.
    :ivar unprivileged: whether Valence's user has rights on its database
        only.
    :ivar nodes: how many are composed at the most.
    :ivar others: of network and storage each, which compose nothing.
    :ivar max_tasks: of each pod manager.
    :ivar clients: how many ask at the same time.
    :ivar modes: in which the pod managers misbehave from the beginning.
    :ivar more: more of the configuration.
    :ivar env: more of the environment of the services.
    """

    database: str = MARIADB
    own_database: bool = False
    own_broker: bool = False
    proxied: bool = False
    unprivileged: bool = False
    pods: int = 4
    nodes: int = 100
    conductors: int = 1
    computes: int = 2
    others: int = 0
    max_tasks: int = 4
    clients: int = 8
    modes: Mapping[str, Any] = field(default_factory=dict)
    more: Options = field(default_factory=dict)
    env: Mapping[str, str] = field(default_factory=dict)

    @property
    def systems(self) -> int:
        """Systems of each pod manager: twice what is needed.

        Half of the nodes name their pod manager, and the scheduler guesses
        for the others.
        """
        return 2 * -(-self.nodes // self.pods)

    def options(self) -> Options:
        """Give the configuration of the services."""
        return {
            section: [*_OPTIONS.get(section, ()), *self.more.get(section, ())]
            for section in {*_OPTIONS, *self.more}
        }
