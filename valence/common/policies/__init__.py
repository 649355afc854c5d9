"""Who may do what: the default rules, one module a collection.

A rule is called ``valence:<resource>:<verb>``; an operator overrides it in
``policy.yaml``.
"""

import itertools

from oslo_policy import policy

from valence.common.policies import (
    base,
    chassis,
    devices,
    flavors,
    nodes,
    pod_managers,
    resources,
    services,
    systems,
    tasks,
)

_MODULES = (
    base,
    chassis,
    devices,
    flavors,
    nodes,
    pod_managers,
    resources,
    services,
    systems,
    tasks,
)


def list_rules() -> list[policy.RuleDefault]:
    """Give all rules, for the enforcer and for oslopolicy's generators."""
    return list(
        itertools.chain.from_iterable(module.RULES for module in _MODULES)
    )
