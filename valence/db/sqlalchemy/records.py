"""The records of pod managers, as their rows hold them."""

from collections.abc import Sequence
from typing import Any

from valence.common.sealing import Keys
from valence.db.sqlalchemy import credentials, models, statements
from valence.objects.pod_manager import PodManager

#: In the order of the fields of PodManager.
COLUMNS = statements.columns(models.pod_managers)
#: The credentials are the one column that is not given as it is stored.
_SEALED = COLUMNS.index(models.pod_managers.c.authentication)


def of_row(row: Sequence[Any], keys: Keys) -> PodManager:
    """Give the record of a row of these columns."""
    values = list(row)
    values[_SEALED] = credentials.load(values[_SEALED], keys)
    return PodManager(*values)
