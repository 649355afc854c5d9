"""Benchmarks: ``python -m bench [group...]`` prints one figure a line."""
