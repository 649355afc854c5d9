import pathlib

import fixtures
import testtools
from oslo_config import cfg
from oslo_policy import opts

from valence.common import context, exception, policies, policy


def asker(*roles, project_id='blue', is_admin=False):
    return context.RequestContext(
        roles=list(roles),
        project_id=project_id,
        is_admin=is_admin,
        overwrite=False,
    )


class PolicyTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        self.policy = self.make()

    def make(self, rules=''):
        """Give the rules of a process with this ``policy.yaml``."""
        path = self.directory / 'policy.yaml'
        path.write_text(rules)
        conf = cfg.ConfigOpts()
        conf([], project='valence', default_config_files=[])
        opts.set_defaults(conf, policy_file=str(path))
        return policy.Policy(conf)

    def refused(self, ctxt, rule, target=None):
        error = self.assertRaises(
            exception.NotAuthorized, self.policy.authorize, ctxt, rule, target
        )
        self.assertIn(rule, error.detail)

    def test_reader_reads(self):
        self.policy.authorize(asker('reader'), 'valence:nodes:list')

    def test_reader_changes_nothing(self):
        self.refused(asker('reader'), 'valence:nodes:create')

    def test_member_changes(self):
        self.policy.authorize(asker('member'), 'valence:nodes:create')

    def test_member_of_another_project(self):
        self.refused(
            asker('member'), 'valence:nodes:delete', {'project_id': 'red'}
        )

    def test_no_role(self):
        self.refused(asker(), 'valence:nodes:list')

    def test_hardware_is_the_operators(self):
        self.refused(asker('member', 'reader'), 'valence:systems:list')
        self.policy.authorize(asker('admin'), 'valence:systems:list')

    def test_operators_reach_all_projects(self):
        self.policy.authorize(
            asker('admin'), 'valence:nodes:delete', {'project_id': 'red'}
        )

    def test_admin_context_is_asked_nothing(self):
        self.policy.authorize(asker(is_admin=True), 'valence:nodes:create')

    def test_overridden(self):
        self.policy = self.make('"valence:nodes:list": "role:auditor"')
        self.refused(asker('reader'), 'valence:nodes:list')
        self.policy.authorize(asker('auditor'), 'valence:nodes:list')


class RulesTest(testtools.TestCase):
    def test_names_are_unique(self):
        names = [rule.name for rule in policies.list_rules()]
        self.assertEqual(sorted(set(names)), sorted(names))

    def test_each_names_resource_and_verb_and_is_documented(self):
        for rule in policies.list_rules():
            if rule.name == 'admin':
                continue
            self.assertRegex(rule.name, r'^valence:[a-z_]+:[a-z_]+$')
            self.assertTrue(rule.description.endswith('.'))
            for operation in rule.operations:
                self.assertTrue(operation['path'].startswith('/v1/'))
