"""Rules for composed nodes: they belong to a project.

To adopt one takes hardware that others may use, and so is for admins.
"""

from valence.common.policies.base import ADMIN, MEMBER, READER, rule

_ALL = '/v1/nodes'
_ONE = '/v1/nodes/{node}'

RULES = [
    rule('valence:nodes:list', READER, 'List nodes.', ('GET', _ALL)),
    rule('valence:nodes:get', READER, 'Show a node.', ('GET', _ONE)),
    rule('valence:nodes:create', MEMBER, 'Compose a node.', ('POST', _ALL)),
    rule(
        'valence:nodes:manage',
        ADMIN,
        'Adopt a node that exists at a pod manager already.',
        ('POST', f'{_ALL}/manage'),
    ),
    rule(
        'valence:nodes:update',
        MEMBER,
        'Change the name or the description of a node.',
        ('PATCH', _ONE),
    ),
    rule('valence:nodes:delete', MEMBER, 'Delete a node.', ('DELETE', _ONE)),
    rule(
        'valence:nodes:action',
        MEMBER,
        'Change the power or the boot source of a node.',
        ('POST', f'{_ONE}/action'),
    ),
]
