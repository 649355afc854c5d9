"""A service: an identity on the message bus and nothing more."""

from dataclasses import dataclass
from typing import Any

from valence.objects import times


@dataclass(frozen=True, slots=True)
class Service:
    """One row of ``services``; ``up`` is judged by the database's clock."""

    uuid: str
    host: str
    binary: str
    topic: str
    boot_id: str
    version: str
    report_count: int
    up: bool
    last_seen: int
    disabled: bool
    disabled_reason: str | None
    created_at: int
    updated_at: int

    def as_dict(self) -> dict[str, Any]:
        """Give the service as it is shown."""
        return {
            'uuid': self.uuid,
            'host': self.host,
            'binary': self.binary,
            'topic': self.topic,
            'version': self.version,
            'report_count': self.report_count,
            'status': 'up' if self.up else 'down',
            'last_seen': times.show(self.last_seen)
            if self.last_seen
            else None,
            'disabled': self.disabled,
            'disabled_reason': self.disabled_reason,
            'created_at': times.show(self.created_at),
            'updated_at': times.show(self.updated_at),
        }
