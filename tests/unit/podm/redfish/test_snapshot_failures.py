import fixtures
import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import SYSTEMS, collection, link
from tests.unit.podm.redfish import expanding
from tests.unit.podm.redfish.expanding import (
    expanded,
    query,
    system,
    system_path,
)
from valence.common import exception, http_client, http_deadline
from valence.podm.redfish import driver

CHASSIS = '/redfish/v1/Chassis'
BOTH = ['of 1', 'of 2']
PLAIN = [SYSTEMS, system_path(1), system_path(2)]
ALL = [query(levels) for levels in (1, 2, 3, 4)]


class Health:
    """Counts how calls end."""

    def __init__(self):
        self.answers = 0
        self.reasons = []

    def answered(self):
        self.answers += 1

    def unanswered(self, reason):
        self.reasons.append(reason)


class FailuresTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(expanding.ExpandingPod())

    def reads(self, asked, names=BOTH):
        found, paths = self.pod.read()
        self.assertEqual((names, sorted(asked)), (found, sorted(paths)))

    def connect(self, limits=None, health=None):
        """Connect once more, with other limits."""
        fixture = connected.Connected(self.pod.url, limits)
        self.useFixture(fixture)
        self.pod.connection = driver.RedfishConnection(
            fixture.podm, fixture.limits, health
        )
        self.addCleanup(self.pod.connection.close)


class RefusedTest(FailuresTest):
    def test_one_by_one_from_then_on(self):
        for status in (400, 404, 405, 414, 500, 501, 507):
            self.connect()
            self.pod.expand(scripted.Reply(status), 1, 2, 3, 4)
            self.reads([*ALL, *PLAIN])
            self.reads(PLAIN)

    def test_fewer_levels_from_then_on(self):
        self.pod.expand(scripted.Reply(400), 3, 4)
        self.pod.expand(expanded(system(1), system(2)), 2)
        self.reads([query(4), query(3), query(2)])
        self.reads([query(2)])

    def test_each_collection_by_itself(self):
        root = {'ExpandQuery': expanding.ALL_FEATURES}
        self.pod.root(ProtocolFeaturesSupported=root, Chassis=link(CHASSIS))
        self.pod.get(CHASSIS, collection())
        self.pod.expand(scripted.Reply(400), 1, path=CHASSIS)
        self.pod.expand(expanded(system(1), system(2)))
        self.reads([query(4), query(1, CHASSIS)])
        self.reads([query(4)])

    def test_just_not_now(self):
        for status in (429, 502, 503, 504):
            self.pod.expand(scripted.Reply(status))
            found, asked = self.pod.read()
            self.assertEqual(BOTH, found)
            self.assertEqual({query(4), *PLAIN}, set(asked))
            self.pod.expand(expanded(system(1), system(2)))
            self.reads([query(4)])

    def test_unauthorized(self):
        self.pod.expand(scripted.Reply(401))
        self.assertRaises(exception.PodManagerUnauthorized, self.pod.read)

    def test_away(self):
        self.pod.expand(scripted.drop)
        self.assertRaises(exception.PodManagerUnreachable, self.pod.read)


class MalformedTest(FailuresTest):
    def test_not_what_was_asked_for(self):
        for body in (b'', b'null', b'[]', b'<html>', b'"x"', b'{"Members":'):
            self.connect()
            self.pod.expand(scripted.Reply(200, body), 1, 2, 3, 4)
            self.reads([*ALL, *PLAIN])

    def test_members_that_are_no_list(self):
        for members in (None, {}, 'x', 7, link(system_path(1))):
            self.connect()
            document = {**expanded(), 'Members': members}
            self.pod.expand(document, 1, 2, 3, 4)
            self.reads([*ALL, *PLAIN])

    def test_members_that_do_not_say_what_they_are(self):
        nameless = system(1)
        del nameless['@odata.id']
        for member in (
            None,
            {},
            7,
            nameless,
            {**system(1), '@odata.id': None},
        ):
            self.connect()
            self.pod.expand(expanded(member, system(2)), 1, 2, 3, 4)
            self.reads([*ALL, *PLAIN])

    def test_members_of_another_server(self):
        foreign = {**system(1), '@odata.id': f'http://x{system_path(1)}'}
        self.pod.expand(expanded(foreign, system(2)), 1, 2, 3, 4)
        self.reads([*ALL, *PLAIN])

    def test_too_large(self):
        self.connect(http_client.Limits(max_body=4096))
        large = expanded(system(1, Description='x' * 5000), system(2))
        self.pod.expand(large, 2, 3, 4)
        self.pod.expand(expanded(system(1), system(2)), 1)
        self.reads(ALL)
        self.reads([query(1)])

    def test_too_deep(self):
        deep = b'[' * 100 + b']' * 100
        body = b'{"Members": [], "x": ' + deep + b'}'
        self.pod.expand(scripted.Reply(200, body), 1, 2, 3, 4)
        self.reads([*ALL, *PLAIN])


class LiesTest(FailuresTest):
    def test_collection_that_says_to_be_another(self):
        root = {'ExpandQuery': expanding.ALL_FEATURES}
        self.pod.root(ProtocolFeaturesSupported=root, Chassis=link(CHASSIS))
        rack = {'ChassisType': 'Rack', 'Name': 'Rack 1'}
        around = {'Links': {'Chassis': [link(f'{CHASSIS}/1')]}}
        self.pod.get(f'{CHASSIS}/1', rack)
        for lie in (CHASSIS, f'{CHASSIS}/1', system_path(2)):
            document = expanded(system(1, **around), system(2))
            document['@odata.id'] = lie
            self.pod.expand(document)
            first, second = self.pod.connection.inventory.systems()
            self.assertEqual([('Rack', 'Rack 1')], first.location)
            self.assertEqual('of 2', second.name)

    def test_member_that_says_to_be_the_collection(self):
        liar = {**system(3), '@odata.id': SYSTEMS}
        self.pod.expand(expanded(system(1), system(2, Oem=liar)))
        self.reads([query(4)])

    def test_members_that_say_to_be_one(self):
        self.pod.expand(expanded(system(1), system(1)))
        self.reads([query(4)], names=['of 1'])

    def test_ids_of_other_types(self):
        for wrong in (7, True, [system_path(1)], {'x': 'y'}):
            odd = {'@odata.id': wrong, '@odata.type': '#x', 'Name': 'odd'}
            self.pod.expand(expanded(system(1, Oem=odd), system(2)))
            self.reads([query(4)])


class SlowTest(FailuresTest):
    def test_one_by_one_from_then_on(self):
        health = Health()
        self.connect(http_client.Limits(timeout=3, connect_timeout=1), health)
        self.pod.expand(scripted.hang)
        self.reads([query(4), *PLAIN])
        self.reads(PLAIN)
        self.assertEqual(1, len(health.reasons), health.reasons)

    def test_at_once_again_after_a_while(self):
        self.useFixture(
            fixtures.MonkeyPatch(
                'valence.podm.redfish.service.LevelsGiven.slow_for', 0
            )
        )
        self.connect(http_client.Limits(timeout=3, connect_timeout=1))
        self.pod.expand([scripted.hang, expanding_reply()])
        self.reads([query(4), *PLAIN])
        self.reads([query(4)])

    def test_little_time_says_nothing(self):
        self.pod.expand([scripted.hang, expanding_reply()])
        with http_deadline.within(2):
            self.assertRaises(exception.PodManagerTimeout, self.pod.read)
        self.reads([query(4)])

    def test_drip(self):
        self.connect(http_client.Limits(timeout=2))
        head = b'HTTP/1.1 200 OK\r\nContent-Length: 9999999\r\n\r\n{'
        self.pod.expand(scripted.drip(head))
        self.reads([query(4), *PLAIN])


def expanding_reply():
    return scripted.Reply(200, expanded(system(1), system(2)))
