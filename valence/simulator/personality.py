"""What kinds of service the simulator can be.

Versions of pod managers differ in where links are and which services
exist.  Such differences are data here; documents and routes ask the
personality and never compare names or versions themselves.
"""

import dataclasses

from valence.simulator import ids, validation


@dataclasses.dataclass(frozen=True, slots=True)
class Expand:
    """How ``$expand`` can be used; ``marks`` are the allowed first signs."""

    marks: str
    max_levels: int


@dataclasses.dataclass(frozen=True, slots=True)
class Storage:
    """How a service shows storage that is in no system.

    Either Intel's own Services with LogicalDrives and Targets (to 2.2), or
    Swordfish's StorageServices with Volumes and StoragePools.
    """

    services: str
    volumes: str
    sources_apart: bool = False
    """CapacitySources are resources of their own (2.4 on)."""

    @property
    def is_swordfish(self) -> bool:
        """Whether it is the standard's form."""
        return self.services == 'StorageServices'


@dataclasses.dataclass(frozen=True, slots=True)
class Attaching:
    """The actions that give a drive or a volume to a node."""

    attach: str
    detach: str
    option: str
    """What the body of an attach can have beside Resource."""
    informs: bool
    """What can be attached is in ActionInfo documents."""


@dataclasses.dataclass(frozen=True, slots=True)
class MemoryOnDelete:
    """What becomes of persistent memory when its node is taken apart."""

    name: str
    shape: validation.Shape
    usual: str | bool


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Personality:
    """The differences on the wire between two kinds of service."""

    name: str
    product: str
    redfish_version: str
    api_version: str | None
    """``Oem.Intel_RackScale.ApiVersion``; None: no Intel extension."""
    kind_of_ids: type[ids.Ids] = ids.Dashed
    ids_are_numbers: bool = False
    """An Id of digits is a number of JSON (2.1)."""
    annotates_as: str = 'Redfish'
    """Who annotates a property with its AllowableValues; ``DMTF`` in 2.1."""
    allocate: str = '#ComposedNodeCollection.Allocate'
    """How the action of the node collection is spelt."""
    links_in_oem: bool = True
    """What the extension adds is linked below Oem (2.2 on), not on top."""
    has_tasks: bool = True
    """There is a task service, so that operations can be accepted."""
    events: str = 'push'
    """How events can be had: ``none``, ``push``, ``sse``, or ``both``."""
    has_sessions: bool = True
    has_accounts: bool = False
    storage: Storage | None = None
    """Storage that is in no system; None: there is none."""
    attaching: Attaching | None = None
    """How it comes to a node; None: it does not."""
    force_delete: bool = False
    links_drives: bool = True
    """A node links to drives (to 2.4), not to the storage they are in."""
    clears_tpm: bool = True
    memory_on_delete: MemoryOnDelete | None = None
    tagged_values: bool = False
    expand: Expand | None = Expand('.*', 1)
    """None: neither advertised nor understood."""
    etag: str | None = 'W/"{}"'
    """The form of ETags, weak or strong; None: there are none."""
    minds_if_match: bool = False
    """A PATCH whose If-Match knows another version is a 412."""

    is_eem: bool = False
    """It is an ExpEther manager, and does not speak Redfish at all."""

    compositions: frozenset[str] = frozenset()
    """The ways in which systems are composed of resource blocks."""
    takes_manifests: bool = False
    """That happens by the Compose action, not by a POST to Systems."""

    @property
    def composes(self) -> bool:
        """Whether there are composed nodes."""
        return self.api_version is not None

    def allowable(self, name: str) -> str:
        """Return the name of the annotation with a property's values."""
        return f'{name}@{self.annotates_as}.AllowableValues'


_RSD = 'Intel Rack Scale Design Pod Manager'
_SIX_LEVELS = Expand('.*~', 6)
_OWN_STORAGE = Storage('Services', 'LogicalDrives')
_SWORDFISH = Storage('StorageServices', 'Volumes')
_ENDPOINTS = Attaching(
    'AttachEndpoint', 'DetachEndpoint', 'CapacityGiB', informs=False
)
_RESOURCES = Attaching(
    'AttachResource', 'DetachResource', 'Protocol', informs=True
)

# Intel's own have tasks since 2.4.  Here all have them, as the mode "accept"
# needs them.

RSD_2_1 = Personality(
    name='rsd2.1',
    product=_RSD,
    redfish_version='1.0.2',
    api_version='2.1.0',
    kind_of_ids=ids.Numeric,
    ids_are_numbers=True,
    annotates_as='DMTF',
    allocate='#ComposedNodesCollection.Allocate',
    links_in_oem=False,
    has_sessions=False,
    storage=_OWN_STORAGE,
    attaching=_ENDPOINTS,
    clears_tpm=False,
    expand=None,
    etag=None,
)

RSD_2_2 = Personality(
    name='rsd2.2',
    product=_RSD,
    redfish_version='1.1.0',
    api_version='2.2.0',
    kind_of_ids=ids.Numeric,
    has_sessions=False,
    storage=_OWN_STORAGE,
    attaching=_ENDPOINTS,
    clears_tpm=False,
    expand=None,
    etag=None,
)

RSD_2_3 = Personality(
    name='rsd2.3',
    product=_RSD,
    redfish_version='1.1.0',
    api_version='2.3.0',
    storage=_SWORDFISH,
    attaching=_RESOURCES,
)
"""Has sessions, which Intel's has since 2.4: much relies on them here."""

RSD_2_4 = Personality(
    name='rsd2.4',
    product=_RSD,
    redfish_version='1.5.0',
    api_version='2.4.0',
    has_accounts=True,
    storage=dataclasses.replace(_SWORDFISH, sources_apart=True),
    attaching=_RESOURCES,
    force_delete=True,
    memory_on_delete=MemoryOnDelete(
        'PersistentMemoryOperationOnDelete',
        frozenset({'PreserveConfiguration', 'SecureErase', 'OverwritePCD'}),
        'PreserveConfiguration',
    ),
    minds_if_match=True,
)

RSD_2_5 = dataclasses.replace(
    RSD_2_4,
    name='rsd2.5',
    api_version='2.5.0',
    links_drives=False,
    memory_on_delete=MemoryOnDelete(
        'ClearOptaneDCPersistentMemoryOnDelete', bool, True
    ),
    tagged_values=True,
    expand=_SIX_LEVELS,
)

PLAIN = Personality(
    name='plain',
    product='Redfish Service',
    redfish_version='1.6.0',
    api_version=None,
    has_tasks=False,
    events='both',
    expand=_SIX_LEVELS,
    etag='"{}"',
    minds_if_match=True,
)

EXPETHER = Personality(
    name='expether',
    product='ExpEther Manager',
    redfish_version='',
    api_version=None,
    has_tasks=False,
    events='none',
    has_sessions=False,
    is_eem=True,
)

SPECIFIC = 'specific'
CONSTRAINED = 'constrained'

COMPOSITION = Personality(
    name='composition',
    product='Composition Service',
    redfish_version='1.17.0',
    api_version=None,
    events='both',
    compositions=frozenset({SPECIFIC}),
)

COMPOSITION_CONSTRAINED = dataclasses.replace(
    COMPOSITION,
    name='composition-constrained',
    compositions=frozenset({SPECIFIC, CONSTRAINED}),
)

COMPOSITION_MANIFEST = dataclasses.replace(
    COMPOSITION_CONSTRAINED,
    name='composition-manifest',
    takes_manifests=True,
)

PERSONALITIES = {
    'rsd': RSD_2_3,
    **{
        each.name: each
        for each in (
            COMPOSITION,
            COMPOSITION_CONSTRAINED,
            COMPOSITION_MANIFEST,
        )
    },
    **{
        each.name: each
        for each in (RSD_2_1, RSD_2_2, RSD_2_3, RSD_2_4, RSD_2_5, PLAIN)
    },
    EXPETHER.name: EXPETHER,
}
"""All kinds, by name; ``rsd`` is another name of one of them."""
