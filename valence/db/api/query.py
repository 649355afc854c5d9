"""Which rows of a list."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any


@dataclass(frozen=True, slots=True)
class Query:
    """Which rows of a list, and in which order.

    :ivar filters: column and value, all of which must be equal; a value that
        is a list means any of its items.
    :ivar marker: uuid of the last row of the page before.
    """

    filters: Mapping[str, Any] = field(default_factory=dict)
    limit: int | None = None
    marker: str | None = None
    sort_key: str = 'created_at'
    sort_dir: str = 'asc'
