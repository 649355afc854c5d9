"""The shape of each request body of a CompositionService.

Shapes only, as the capabilities objects tell them; what a value means is
decided where it is used.
"""

from valence.simulator import computers, validation
from valence.simulator import personality as personalities
from valence.simulator.composition import choosing, constraints

STANZA_TYPES = (
    'ComposeSystem',
    'DecomposeSystem',
    'ComposeResource',
    'DecomposeResource',
    'RegisterResourceBlock',
    'OEM',
)
REQUEST_TYPES = ('Preview', 'PreviewReserve', 'Apply')
EXPAND = ('None', 'All', 'Relevant')
POWER_STATES = ('On', 'Off')

_NAMES: dict[str, validation.Shape] = {'Name': str, 'Description': str}

_SPECIFIC: validation.Shape = {
    **_NAMES,
    'PowerState': frozenset(POWER_STATES),
    'Boot': computers.BOOT_SHAPE,
    'Links': {'ResourceBlocks': [validation.LINK]},
}

_CONSTRAINED: validation.Shape = {
    **_SPECIFIC,
    choosing.AFFINITY: str,
    **{
        section.name: constraints.shape(section)
        for section in constraints.SECTIONS
    },
}

DECOMPOSE: validation.Shape = {
    **_NAMES,
    '@odata.id': str,
    'Links': {'ComputerSystems': [validation.LINK]},
}
"""A reference to a system, as Manifest.v1_1 has it; or links to some, as
servers in the field want it."""

PATCH_BLOCK: validation.Shape = {
    'CompositionStatus': {'Reserved': bool},
    'Client': str,
}

CHANGE_BLOCKS: validation.Shape = {
    'ResourceBlock': validation.LINK,
    'ComputerSystemETag': str,
    'ResourceBlockETag': str,
}

COMPOSE_ACTION: validation.Shape = {
    'RequestFormat': frozenset({'Manifest'}),
    'RequestType': frozenset(REQUEST_TYPES),
    'ReservationId': str,
    'Manifest': {
        'Description': str,
        'Timestamp': str,
        'Expand': frozenset(EXPAND),
        'Stanzas': [
            {
                'StanzaType': frozenset(STANZA_TYPES),
                'StanzaId': str,
                'OEMStanzaType': str,
                'Request': dict,
            }
        ],
    },
}


def compose(personality: personalities.Personality) -> validation.Shape:
    """Return the shape of a request to compose a system."""
    constrained = personalities.CONSTRAINED in personality.compositions
    return _CONSTRAINED if constrained else _SPECIFIC
