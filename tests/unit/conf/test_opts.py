import testtools
from oslo_config import cfg

from valence import conf
from valence.conf import opts

OURS = [
    (group, option)
    for group, options in opts.list_opts()
    for option in options
    if group.name != 'database'
]


class OptionsTest(testtools.TestCase):
    def test_each_has_a_sentence_of_help(self):
        for _, option in OURS:
            self.assertTrue(
                option.help and option.help.endswith('.'), option.name
            )

    def test_each_is_registered(self):
        for group, option in OURS:
            place = (
                conf.CONF if group.name == 'DEFAULT' else conf.CONF[group.name]
            )
            getattr(place, option.dest)

    def test_numbers_have_a_lower_bound(self):
        for _, option in OURS:
            if type(option) in (cfg.IntOpt, cfg.FloatOpt):
                self.assertIsNotNone(option.type.min, option.name)

    def test_defaults_are_within_the_bounds(self):
        for group, option in OURS:
            place = cfg.ConfigOpts()
            place.register_opt(option, group=group.name)
            place.set_override(option.name, option.default, group=group.name)

    def test_out_of_bounds_is_refused(self):
        place = cfg.ConfigOpts()
        conf.tasks.register_opts(place)
        self.assertRaises(
            ValueError, place.set_override, 'lease', 0, group='tasks'
        )

    def test_networks_are_checked(self):
        place = cfg.ConfigOpts()
        conf.http_client.register_opts(place)
        for value in (['127.0.0.1/8'], ['localhost'], ['10.0.0.0/8', '']):
            self.assertRaises(
                ValueError,
                place.set_override,
                'allowed_networks',
                value,
                group='http_client',
            )
        self.assertEqual([], place.http_client.allowed_networks)
        allowed = ['10.0.0.0/8', '::1']
        place.set_override('allowed_networks', allowed, group='http_client')
        self.assertEqual(
            ['10.0.0.0/8', '::1/128'], place.http_client.allowed_networks
        )

    def test_database_of_a_newcomer_is_a_file(self):
        place = cfg.ConfigOpts()
        conf.database.register_opts(place)
        self.assertTrue(place.database.connection.startswith('sqlite:////'))

    def test_groups_are_named_once(self):
        names = [group.name for group, _ in opts.list_opts()]
        self.assertEqual(sorted(set(names)), sorted(names))
