"""A stateful Redfish pod manager for tests, demonstrations and benchmarks.

It stands in for racks that nobody has at hand: it speaks the wire format
of an Intel RSD pod manager (or of a plain Redfish service) over real
sockets and keeps the state a client can change.  It shares no code with
the rest of Valence, so that a misunderstanding of the protocol is not
made twice; it may import nothing else of ``valence``.
"""
