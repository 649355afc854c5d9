"""The account service: the one account of a pod.  Read only.

The password is never shown here.
"""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator.documents import common

SERVICE = f'{layouts.ROOT}/AccountService'
ACCOUNTS = f'{SERVICE}/Accounts'
ROLES = f'{SERVICE}/Roles'
ROLE = 'Administrator'

_ACCOUNT = f'{ACCOUNTS}/1'
_ROLE = f'{ROLES}/{ROLE}'


def service(pod: pods.Pod) -> common.Json:
    """Return the account service."""
    return {
        **common.header(
            SERVICE,
            'AccountService.v1_3_0.AccountService',
            'AccountService',
            'Account Service',
        ),
        'ServiceEnabled': True,
        'Status': common.OK,
        'Accounts': common.link(ACCOUNTS),
        'Roles': common.link(ROLES),
    }


def accounts(pod: pods.Pod) -> common.Json:
    """Return the accounts: one."""
    return common.collection(
        ACCOUNTS,
        'ManagerAccountCollection',
        'Accounts Collection',
        [_ACCOUNT],
    )


def account(pod: pods.Pod) -> common.Json:
    """Return the account."""
    return {
        **common.header(
            _ACCOUNT,
            'ManagerAccount.v1_1_3.ManagerAccount',
            '1',
            'User Account',
        ),
        'Enabled': True,
        'UserName': pod.sessions.username,
        'Password': None,
        'RoleId': ROLE,
        'Links': {'Role': common.link(_ROLE)},
    }


def roles(pod: pods.Pod) -> common.Json:
    """Return the roles: one."""
    return common.collection(
        ROLES, 'RoleCollection', 'Roles Collection', [_ROLE]
    )


def role(pod: pods.Pod) -> common.Json:
    """Return the role that may do everything."""
    return {
        **common.header(_ROLE, 'Role.v1_2_2.Role', ROLE, 'User Role'),
        'RoleId': ROLE,
        'IsPredefined': True,
        'AssignedPrivileges': [
            'Login',
            'ConfigureManager',
            'ConfigureUsers',
            'ConfigureSelf',
            'ConfigureComponents',
        ],
    }
