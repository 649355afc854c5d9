"""Rules for tasks: they belong to the project that asked."""

from valence.common.policies.base import MEMBER, READER, rule

_ALL = '/v1/tasks'
_ONE = '/v1/tasks/{task}'

RULES = [
    rule('valence:tasks:list', READER, 'List tasks.', ('GET', _ALL)),
    rule('valence:tasks:get', READER, 'Show a task.', ('GET', _ONE)),
    rule(
        'valence:tasks:delete',
        MEMBER,
        'Delete a task that has ended.',
        ('DELETE', _ONE),
    ),
    rule(
        'valence:tasks:cancel',
        MEMBER,
        'Cancel a task that is in progress.',
        ('POST', f'{_ONE}/cancel'),
    ),
]
