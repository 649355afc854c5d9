"""What kinds of service the simulator can be.

Versions of pod managers differ in where links are and which services
exist.  Such differences are data here; documents and routes ask the
personality and never compare names or versions themselves.
"""

import dataclasses


@dataclasses.dataclass(frozen=True, slots=True)
class Personality:
    """The differences on the wire between two kinds of service."""

    name: str
    product: str
    redfish_version: str
    api_version: str | None
    """``Oem.Intel_RackScale.ApiVersion``; None: no Intel extension."""
    nodes_in_oem: bool = True
    """The Nodes link is below Oem (2.2 on), not at the top (2.1)."""
    has_tasks: bool = True
    """There is a task service, so that operations can be accepted."""

    @property
    def composes(self) -> bool:
        """Whether there are composed nodes."""
        return self.api_version is not None


RSD_2_3 = Personality(
    name='rsd',
    product='Intel Rack Scale Design Pod Manager',
    redfish_version='1.1.0',
    api_version='2.3.0',
)

PLAIN = Personality(
    name='plain',
    product='Redfish Service',
    redfish_version='1.6.0',
    api_version=None,
    has_tasks=False,
)

PERSONALITIES = {each.name: each for each in (RSD_2_3, PLAIN)}
