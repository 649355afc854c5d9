"""A scripted pod manager whose collections come with what is in them."""

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS, collection, link

ALL_FEATURES = {
    'ExpandAll': True,
    'Levels': True,
    'Links': True,
    'MaxLevels': 6,
    'NoLinks': True,
}


def system_path(number):
    return f'{SYSTEMS}/{number}'


def system(number, **properties):
    """Give a whole system, as it comes along."""
    return {
        '@odata.id': system_path(number),
        '@odata.type': '#ComputerSystem.v1_5_0.ComputerSystem',
        'Id': str(number),
        'Name': f'of {number}',
        'ProcessorSummary': {'CoreCount': number},
        **properties,
    }


def expanded(*members, **properties):
    """Give a collection of whole members."""
    return {
        '@odata.id': SYSTEMS,
        '@odata.type': '#ComputerSystemCollection.ComputerSystemCollection',
        'Members': list(members),
        **properties,
    }


def query(levels, path=SYSTEMS):
    mark = '&' if '?' in path else '?'
    return f'{path}{mark}$expand=.($levels={levels})'


class ExpandingPod(connected.ScriptedPod):
    """With two systems, which are to be had one by one as well."""

    def _setUp(self):
        super()._setUp()
        self.features(**ALL_FEATURES)
        self.get(SYSTEMS, collection(system_path(1), system_path(2)))
        for number in (1, 2):
            self.get(system_path(number), system(number))

    def features(self, **features):
        told = {'ExpandQuery': features}
        self.root(ProtocolFeaturesSupported=told)

    def root(self, **properties):
        root = {'RedfishVersion': '1.6.0', 'Systems': link(SYSTEMS)}
        self.get(ROOT, {**root, **properties})

    def expand(self, reply, *levels, path=SYSTEMS):
        """Answer a request for so many levels."""
        for each in levels or (4,):
            is_step = callable(reply) or isinstance(reply, list)
            step = reply if is_step else scripted.Reply(body=reply)
            self.script['GET', query(each, path)] = step

    def read(self):
        """Give what all systems are, and what was asked for them."""
        self.requests.clear()
        found = self.connection.inventory.systems()
        names = [each.name for each in found]
        return names, [path for path in self.asked('GET') if path != ROOT]
