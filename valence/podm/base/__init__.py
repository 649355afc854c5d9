"""What every pod manager can be asked for, whatever it speaks.

A driver (entry point ``valence.podm.driver``) is a :class:`Connection`. Its
capabilities are abstract base classes; asking for one that it does not have
is a clear error. Nothing here knows the database or the message bus.
"""

from valence.podm.base.compute import Compute
from valence.podm.base.connection import Connection
from valence.podm.base.events import Events, EventStream
from valence.podm.base.inventory import Inventory

__all__ = ['Compute', 'Connection', 'EventStream', 'Events', 'Inventory']
