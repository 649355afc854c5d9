"""Makes the driver known to processes, as an installed package would."""

import pathlib

from tests.fixtures import distributions
from valence.podm.pool import NAMESPACE

NAME = 'hollow'

_ENTRY_POINTS = {NAMESPACE: {NAME: 'bench.hollow.driver:HollowConnection'}}


def install(directory: pathlib.Path) -> None:
    """Write the distribution into a directory for PYTHONPATH."""
    distributions.write(directory, 'valence-bench', _ENTRY_POINTS)
