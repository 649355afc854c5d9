"""Rules for racks and other chassis: they are the operators' own."""

from valence.common.policies.base import ADMIN, rule

_CHASSIS = '/v1/chassis'
_RACKS = '/v1/racks'

RULES = [
    rule(
        'valence:chassis:list', ADMIN, 'List all chassis.', ('GET', _CHASSIS)
    ),
    rule(
        'valence:chassis:get',
        ADMIN,
        'Show a chassis.',
        ('GET', f'{_CHASSIS}/{{chassis}}'),
    ),
    rule('valence:racks:list', ADMIN, 'List racks.', ('GET', _RACKS)),
    rule(
        'valence:racks:get',
        ADMIN,
        'Show a rack.',
        ('GET', f'{_RACKS}/{{rack}}'),
    ),
]
