"""Makes the driver known to processes, as an installed package would.

A directory in PYTHONPATH with the metadata of a distribution is all that
Python needs to find an entry point, so nothing of Valence is patched.
"""

import pathlib

NAME = 'hollow'

_FILES = {
    'METADATA': 'Metadata-Version: 2.1\nName: valence-bench\nVersion: 1\n',
    'entry_points.txt': '[valence.podm.driver]\n'
    f'{NAME} = bench.hollow.driver:HollowConnection\n',
}


def install(directory: pathlib.Path) -> None:
    """Write the distribution into a directory for PYTHONPATH."""
    info = directory / 'valence_bench-1.dist-info'
    info.mkdir()
    for name, text in _FILES.items():
        (info / name).write_text(text)
