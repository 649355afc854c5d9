"""What the tests of composed nodes ask for."""

from tests.unit.podm.connected import NODES
from valence.objects import requirements

TAG = 'valence-0c9e'
NODE = f'{NODES}/1'


def wants(**properties):
    return requirements.Requirements.from_properties(properties)


def allocate(compute, wanted=None, tag=TAG):
    return compute.allocate_node(
        name='n1',
        description='of a test',
        tag=tag,
        requirements=wanted or wants(),
    )
