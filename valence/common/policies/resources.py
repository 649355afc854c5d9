"""Rules for resources: where they are is no secret, what they tell is."""

from valence.common.policies.base import ADMIN, READER, rule

_ALL = '/v1/resources'
_ONE = '/v1/resources/{resource}'

RULES = [
    rule('valence:resources:list', READER, 'List resources.', ('GET', _ALL)),
    rule('valence:resources:get', READER, 'Show a resource.', ('GET', _ONE)),
    rule(
        'valence:resources:detail',
        ADMIN,
        'Show resources with what their pod managers tell (detail=true).',
        ('GET', _ALL),
        ('GET', _ONE),
    ),
]
