"""Finds all resources of a Redfish service, by following its links.

``table`` says what lies where, ``walker`` goes there, ``reading`` reads it,
``listing`` and ``sizes`` make of it what the caller is told.
"""
