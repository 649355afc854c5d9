"""A pod manager driver without a pod manager: nothing takes any time.

What is left of a composition is Valence itself. Processes come to know the
driver as they come to know any other: see :mod:`bench.hollow.distribution`.
"""
