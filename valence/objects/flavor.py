"""A flavor: requirements with a name."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valence.objects import times


@dataclass(frozen=True, slots=True)
class Flavor:
    """One row of ``flavors``; without a project it is public."""

    uuid: str
    name: str
    description: str
    properties: Mapping[str, Any]
    project_id: str | None
    created_at: int
    updated_at: int

    def as_dict(self) -> dict[str, Any]:
        """Give the flavor as it is shown."""
        return {
            'uuid': self.uuid,
            'name': self.name,
            'description': self.description,
            'properties': self.properties,
            'project_id': self.project_id,
            'created_at': times.show(self.created_at),
            'updated_at': times.show(self.updated_at),
        }
