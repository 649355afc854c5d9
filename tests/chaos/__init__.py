"""The fault matrix: what Valence must survive, one row after the other.

``test_row_05_...`` is row 5; doc/source/chaos.rst tells what each does.
"""
