"""The cache in front of pecan's looks at signatures, and why it is there.

These fail when pecan changes: then see whether it is still needed.
"""

import collections
import pkgutil
import sys

import pecan
import testtools
from pecan import util

from tests.unit.api import fixtures
from valence.api import fast_pecan

#: What pecan.util's own is made of: it is not asked by anybody else.
_ORIGIN = 'pecan.compat'


class FastPecanTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        fast_pecan.install()
        self.client = self.useFixture(fixtures.Bare()).client

    def test_all_of_pecan_asks_the_cache(self):
        loaded = {
            name: module
            for name in _pecan_modules()
            if name != _ORIGIN
            and (module := sys.modules.get(name)) is not None
            and hasattr(module, 'getargspec')
        }
        self.assertIn('pecan.routing', loaded)
        for name, module in loaded.items():
            self.assertIs(util.getargspec, module.getargspec, name)
            self.assertIn(name, fast_pecan._MODULES)

    def looks(self, path):
        """Count the looks at signatures that a request costs."""
        seen = []
        look = util._getargspec
        self.patch(
            util, '_getargspec', lambda method: seen.append(1) or look(method)
        )
        self.client.get(path)
        self.patch(util, '_getargspec', look)
        return len(seen)

    def test_no_signature_is_looked_at_twice(self):
        for path in ('/v1/tasks', '/v1/tasks/x'):
            self.client.get(path)
            self.assertEqual(0, self.looks(path))

    def test_why(self):
        """Without the cache each request looks many times."""
        original = util.getargspec.__wrapped__
        for name in fast_pecan._MODULES:
            module = sys.modules.get(name)
            if hasattr(module, 'getargspec'):
                self.patch(module, 'getargspec', original)
        for path in ('/v1/tasks', '/v1/tasks/x'):
            self.client.get(path)
            self.assertGreaterEqual(self.looks(path), 3)

    def test_what_pecan_does_with_a_signature(self):
        """It makes a new class at each look, which is what takes long."""
        original = util.getargspec.__wrapped__
        kinds = collections.Counter(
            type(original(_function)) for _ in range(3)
        )
        self.assertEqual(original(_function), util.getargspec(_function))
        self.assertEqual(3, len(kinds))

    def test_installed_once(self):
        cached = util.getargspec
        fast_pecan.install()
        self.assertIs(cached, util.getargspec)
        self.assertFalse(hasattr(cached.__wrapped__, 'cache_info'))


def _function(one, *, other=None):
    """Do nothing."""


def _pecan_modules():
    return [
        module.name
        for module in pkgutil.walk_packages(
            pecan.__path__, 'pecan.', onerror=lambda _name: None
        )
        if not module.name.startswith(('pecan.tests', 'pecan.scaffolds'))
    ]
