"""Composed systems of DMTF's CompositionService (Redfish DSP2050).

A node is a computer system that is made of resource blocks. Blocks that can
be combined are in one zone. Which ways to ask for a system a service has, it
advertises; all of them end in a system that is taken apart by DELETE.
"""
