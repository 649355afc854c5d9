"""Tests of Valence.

A deprecated call of ours is an error here. The filter is set in code since
the module in PYTHONWARNINGS is matched whole, without its submodules.
"""

import warnings

warnings.filterwarnings(
    'error', category=DeprecationWarning, module=r'valence(\.|$)'
)
