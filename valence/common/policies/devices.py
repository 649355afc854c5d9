"""Rules for pooled devices: they are the operators' own."""

from valence.common.policies.base import ADMIN, rule

_ALL = '/v1/devices'

RULES = [
    rule('valence:devices:list', ADMIN, 'List devices.', ('GET', _ALL)),
    rule(
        'valence:devices:get',
        ADMIN,
        'Show a device.',
        ('GET', f'{_ALL}/{{device}}'),
    ),
    rule(
        'valence:devices:sync',
        ADMIN,
        'Sync what pod managers hold.',
        ('POST', f'{_ALL}/sync'),
    ),
]
