"""Rules for services: they are the operators' own."""

from valence.common.policies.base import ADMIN, rule

_ALL = '/v1/services'
_ONE = '/v1/services/{service}'

RULES = [
    rule('valence:services:list', ADMIN, 'List services.', ('GET', _ALL)),
    rule(
        'valence:services:update',
        ADMIN,
        'Disable or enable a service.',
        ('PATCH', _ONE),
    ),
]
