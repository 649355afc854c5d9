"""Rules for pod managers: they are the operators' own."""

from valence.common.policies.base import ADMIN, rule

_ALL = '/v1/pod_managers'
_ONE = '/v1/pod_managers/{pod_manager}'

RULES = [
    rule(
        'valence:pod_managers:list', ADMIN, 'List pod managers.', ('GET', _ALL)
    ),
    rule(
        'valence:pod_managers:get', ADMIN, 'Show a pod manager.', ('GET', _ONE)
    ),
    rule(
        'valence:pod_managers:create',
        ADMIN,
        'Register a pod manager.',
        ('POST', _ALL),
    ),
    rule(
        'valence:pod_managers:update',
        ADMIN,
        'Change the record or the credentials of a pod manager.',
        ('PATCH', _ONE),
    ),
    rule(
        'valence:pod_managers:delete',
        ADMIN,
        'Delete a pod manager.',
        ('DELETE', _ONE),
    ),
    rule(
        'valence:pod_managers:sync',
        ADMIN,
        'Sync what a pod manager holds.',
        ('POST', f'{_ONE}/sync'),
    ),
]
