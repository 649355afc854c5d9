"""Rules for flavors: a project has its own, operators make public ones."""

from valence.common.policies.base import MEMBER, READER, rule

_ALL = '/v1/flavors'
_ONE = '/v1/flavors/{flavor}'

RULES = [
    rule('valence:flavors:list', READER, 'List flavors.', ('GET', _ALL)),
    rule('valence:flavors:get', READER, 'Show a flavor.', ('GET', _ONE)),
    rule('valence:flavors:create', MEMBER, 'Make a flavor.', ('POST', _ALL)),
    rule(
        'valence:flavors:update', MEMBER, 'Change a flavor.', ('PATCH', _ONE)
    ),
    rule(
        'valence:flavors:delete', MEMBER, 'Delete a flavor.', ('DELETE', _ONE)
    ),
]
