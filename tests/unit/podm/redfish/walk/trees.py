"""A scripted service that a test builds, and the walk through it."""

from tests.unit.podm import connected, walked
from tests.unit.podm.connected import ROOT, collection, link

BASE = ROOT.rstrip('/')
CHASSIS = f'{BASE}/Chassis'
SYSTEMS = connected.SYSTEMS
SYSTEM = f'{SYSTEMS}/1'


class Tree(connected.ScriptedPod):
    """With nothing in it, and nothing that comes along."""

    def _setUp(self):
        super()._setUp()
        self.inventory = self.connection.inventory
        self.root()

    def get(self, path, document):
        super().get(path, {'Name': 'something', **document})

    def root(self, **properties):
        """Have a service root with these properties."""
        self.get(ROOT, {'RedfishVersion': '1.6.0', **properties})
        # It is read once.
        self.connection = self.useFixture(
            connected.Connected(self.url)
        ).connection
        self.inventory = self.connection.inventory

    def system(self, **properties):
        """Have one system with these properties."""
        self.systems(1)
        self.get(SYSTEM, {'Id': '1', **properties})

    def systems(self, count):
        """Have so many systems; give their paths."""
        self.root(Systems=link(SYSTEMS))
        paths = [f'{SYSTEMS}/{number}' for number in range(1, count + 1)]
        self.get(SYSTEMS, collection(*paths))
        for path in paths:
            self.get(path, {'Name': path})
        return paths

    def hold(self, path, *names):
        """Have a collection with these in it; give the link to it."""
        self.get(path, collection(*(f'{path}/{name}' for name in names)))
        return link(path)

    def walk(self):
        return list(self.inventory.walk())

    def part(self, url, *types):
        """Give the one part with a url, and of these types."""
        (found,) = [
            part
            for part in self.walk()
            if part.url == url and set(types) <= part.types
        ]
        return found

    def found(self, *types):
        return walked.urls(self.inventory, *types)

    def errors(self):
        return walked.errors(self.inventory)
