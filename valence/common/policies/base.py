"""The rules that others are built of."""

from oslo_policy import policy

ADMIN = 'rule:admin'
MEMBER = 'rule:admin or (role:member and project_id:%(project_id)s)'
READER = 'rule:admin or (role:reader and project_id:%(project_id)s)'

RULES = [
    policy.RuleDefault(
        'admin',
        'role:admin',
        description='Operators of the racks.',
    ),
]


def rule(
    name: str, check: str, description: str, *routes: tuple[str, str]
) -> policy.DocumentedRuleDefault:
    """Make a rule, with the method and path of each route it guards."""
    return policy.DocumentedRuleDefault(
        name=name,
        check_str=check,
        description=description,
        operations=[
            {'method': method, 'path': path} for method, path in routes
        ],
    )
