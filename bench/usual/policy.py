"""oslo.policy, asked in each method of the API."""

from typing import Any

import pecan
from oslo_config import cfg
from oslo_policy import policy

RULES = [
    policy.RuleDefault('admin_api', 'role:admin'),
    policy.RuleDefault(
        'admin_or_owner', 'rule:admin_api or project_id:%(project_id)s'
    ),
    *(
        policy.RuleDefault(f'{resource}:{verb}', 'rule:admin_or_owner')
        for resource in ('node', 'task', 'flavor')
        for verb in ('create', 'get')
    ),
]

_enforcer: policy.Enforcer | None = None


def start() -> None:
    global _enforcer
    _enforcer = policy.Enforcer(cfg.CONF)
    _enforcer.register_defaults(RULES)


def enforce(rule: str) -> None:
    ctxt = pecan.request.context
    target: dict[str, Any] = {
        'project_id': ctxt.project_id,
        'user_id': ctxt.user_id,
    }
    assert _enforcer is not None
    _enforcer.authorize(rule, target, ctxt, do_raise=True)
