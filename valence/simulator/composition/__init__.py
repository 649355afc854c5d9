"""A DMTF CompositionService: systems made of resource blocks.

DSP2050 (Redfish Composability) and the CompositionService, ResourceBlock
and Manifest schemas of 2025.4.  The parts have the roles that they have
one floor up: ``documents`` show, ``handlers`` act, ``state`` is what can
change.  Nothing here may know HTTP, or wait.
"""
