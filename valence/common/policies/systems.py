"""Rules for computer systems: they are the operators' own."""

from valence.common.policies.base import ADMIN, rule

_ONE = '/v1/systems/{system}'

RULES = [
    rule(
        'valence:systems:list', ADMIN, 'List systems.', ('GET', '/v1/systems')
    ),
    rule('valence:systems:get', ADMIN, 'Show a system.', ('GET', _ONE)),
    rule(
        'valence:systems:inventory',
        ADMIN,
        'Show what a system is made of.',
        ('GET', f'{_ONE}/inventory'),
    ),
    rule(
        'valence:systems:action',
        ADMIN,
        'Change the power or the boot source of a system.',
        ('POST', f'{_ONE}/action'),
    ),
]
