"""Asks oslo.policy whether a request may do what it wants."""

from collections.abc import Mapping
from typing import Any

from oslo_config import cfg
from oslo_policy import policy

from valence.common import exception, policies
from valence.common.context import RequestContext


class Policy:
    """The rules in force; a missing rule denies."""

    def __init__(self, conf: cfg.ConfigOpts) -> None:
        self._enforcer = policy.Enforcer(conf)
        self._enforcer.register_defaults(policies.list_rules())

    def authorize(
        self,
        ctxt: RequestContext,
        rule: str,
        target: Mapping[str, Any] | None = None,
    ) -> None:
        """Let pass who may.

        :param target: what the rule is applied to; the caller's own project
            where nothing is given.
        :raises NotAuthorized:
        """
        if ctxt.is_admin:
            return
        allowed = self._enforcer.authorize(
            rule, dict(target or {'project_id': ctxt.project_id}), ctxt
        )
        if not allowed:
            raise exception.NotAuthorized(rule=rule)
