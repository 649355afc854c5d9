import testtools

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import link
from tests.unit.podm.redfish.allocations import NODE
from tests.unit.podm.redfish.tasks import MONITOR
from valence.common import exception
from valence.objects import hardware

DRIVE = '/redfish/v1/Chassis/1/Drives/1'
OTHER = '/redfish/v1/Chassis/1/Drives/2'
TARGET = f'{NODE}/Actions/ComposedNode.AttachResource'
INFO = f'{NODE}/Actions/AttachResourceActionInfo'


class AttachmentsTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.server = self.useFixture(connected.ScriptedPod())
        self.compute = self.server.connection.compute
        self.server.script['POST', TARGET] = scripted.Reply(204, b'')

    def action(self, name='AttachResource', **properties):
        action = {'target': TARGET, **properties}
        self.server.get(NODE, {'Actions': {f'#ComposedNode.{name}': action}})

    def inform(self, *parameters, said=INFO):
        """Let the action be described by an ActionInfo."""
        self.action(**{'@Redfish.ActionInfo': said})
        self.server.get(INFO, {'Parameters': list(parameters)})

    def allow(self, values, **protocol):
        resource = {'Name': 'Resource', 'AllowableValues': values}
        self.inform(resource, {'Name': 'Protocol', **protocol})

    def attach(self, url=DRIVE):
        return self.compute.attach_resource(NODE, url)

    def sent(self):
        return [
            each.document
            for each in self.server.requests
            if each.method == 'POST'
        ]

    def listed(self):
        return self.compute.list_attachable(NODE)


class AllowedTest(AttachmentsTest):
    """What the action may be asked for, as far as that is told."""

    def test_links_or_strings(self):
        for values in (
            [link(DRIVE), link(OTHER)],
            [DRIVE, OTHER],
            [link(DRIVE), OTHER],
            [link(f'{self.server.url}{DRIVE}'), None, 7, link(OTHER)],
        ):
            self.allow(values)
            self.assertEqual([DRIVE, OTHER], self.listed())
            self.attach()
            self.assertEqual({'Resource': link(DRIVE)}, self.sent()[-1])

    def test_one_link(self):
        self.allow(link(DRIVE))
        self.assertEqual([DRIVE], self.listed())

    def test_beside_the_action(self):
        for owner in ('Redfish', 'DMTF'):
            name = f'Resource@{owner}.AllowableValues'
            self.action('AttachEndpoint', **{name: [link(DRIVE)]})
            self.assertEqual([DRIVE], self.listed())
            self.attach()
            self.assertRaises(exception.UnsupportedValue, self.attach, OTHER)

    def test_not_allowed(self):
        self.allow([link(DRIVE)])
        error = self.assertRaises(
            exception.UnsupportedValue, self.attach, OTHER
        )
        self.assertIn(DRIVE, str(error))
        self.assertEqual([], self.sent())

    def test_nothing_just_now(self):
        self.allow([])
        self.assertEqual([], self.listed())
        error = self.assertRaises(exception.UnsupportedValue, self.attach)
        self.assertIn('nothing just now', str(error))

    def test_not_all_are_named(self):
        self.allow([f'{DRIVE}{number}' for number in range(40)])
        error = self.assertRaises(
            exception.UnsupportedValue, self.attach, OTHER
        )
        self.assertEqual(20, str(error).count(DRIVE))

    def test_not_told(self):
        for values in (None, 'x', DRIVE, 7, True, {}, [None], [7], [{}]):
            self.allow(values)
            self.assertEqual([], self.listed(), values)
            self.attach()
            self.assertEqual({'Resource': link(DRIVE)}, self.sent()[-1])

    def test_parameters_that_are_none(self):
        for parameters in (
            *([], [None], [7], ['Resource'], [{}], [{'Name': 7}]),
            [{'Name': 'Other', 'AllowableValues': []}],
        ):
            self.inform(*parameters)
            self.attach()
        self.server.get(INFO, {'Parameters': {'Name': 'Resource'}})
        self.attach()

    def test_info_that_is_not_to_be_had(self):
        self.inform()
        for reply in (
            scripted.Reply(404),
            scripted.Reply(500, b'<html>'),
            scripted.Reply(200, b'[]'),
        ):
            self.server.script['GET', INFO] = reply
            self.assertEqual([], self.listed())
            self.attach()
        self.server.script['GET', INFO] = scripted.drop
        self.assertRaises(exception.PodManagerUnreachable, self.attach)

    def test_info_as_a_link(self):
        self.inform(
            {'Name': 'Resource', 'AllowableValues': [DRIVE]}, said=link(INFO)
        )
        self.assertEqual([DRIVE], self.listed())

    def test_info_that_is_no_link(self):
        for said in (None, 7, [], {}, ''):
            self.inform(said=said)
            self.attach()
        self.assertNotIn(INFO, self.server.asked('GET'))

    def test_links_in_other_spellings(self):
        self.allow([link(f'{DRIVE}/'.lower())])
        self.attach()
        expected = {'Resource': link(f'{DRIVE}/'.lower())}
        self.assertEqual(expected, self.sent()[-1])


class ActionTest(AttachmentsTest):
    def test_no_action(self):
        for actions in (
            *(None, [], {}, 'x', {'#ComposedNode.AttachResource': None}),
            {'#ComposedNode.Other': {'target': TARGET}},
        ):
            self.server.get(NODE, {'Actions': actions})
            error = self.assertRaises(exception.UnsupportedAction, self.attach)
            self.assertIn('Attaching resources', str(error))
            error = self.assertRaises(
                exception.UnsupportedAction,
                self.compute.detach_resource,
                NODE,
                DRIVE,
            )
            self.assertIn('Detaching resources', str(error))

    def test_target_that_is_none(self):
        for target in (None, 7, '', 'attach', f'http://elsewhere{TARGET}'):
            self.action(target=target)
            self.assertRaises(exception.PodManagerMalformed, self.attach)
        self.assertEqual([], self.server.asked('POST'))

    def test_what_leads_to_another_server(self):
        evil = f'http://elsewhere{INFO}'
        for said in (evil, link(evil)):
            self.inform(said=said)
            self.assertEqual([], self.listed())
        for values in ([evil, DRIVE], [link(evil), link(DRIVE)]):
            self.allow(values)
            self.assertEqual([DRIVE], self.listed())
            error = self.assertRaises(
                exception.UnsupportedValue, self.attach, evil
            )
            self.assertIn(DRIVE, str(error))
        self.assertEqual([], self.server.asked('POST'))

    def test_accepted(self):
        self.action()
        self.server.script['POST', TARGET] = scripted.Reply(
            202, b'', {'Location': MONITOR}
        )
        self.assertEqual(hardware.Pending(MONITOR), self.attach())

    def test_detach(self):
        self.action('DetachResource')
        self.compute.detach_resource(NODE, DRIVE)
        self.assertEqual([{'Resource': link(DRIVE)}], self.sent())

    def test_refused(self):
        for reply, kind in (
            (scripted.Reply(409), exception.PodManagerRefused),
            (scripted.drop, exception.PodManagerConnectionLost),
        ):
            self.action()
            self.server.requests.clear()
            self.server.script['POST', TARGET] = reply
            self.assertRaises(kind, self.attach)
            self.assertEqual([TARGET], self.server.asked('POST'))


class ProtocolTest(AttachmentsTest):
    def protocol(self, **told):
        self.allow([DRIVE], **told)
        self.attach()
        return self.sent()[-1].get('Protocol')

    def test_not_required(self):
        for told in ({}, {'Required': False}, {'Required': 'false'}):
            self.assertIsNone(self.protocol(AllowableValues=['PCIe'], **told))

    def test_the_only_one(self):
        for required in (True, 'true', 'True'):
            only = self.protocol(Required=required, AllowableValues=['PCIe'])
            self.assertEqual('PCIe', only)

    def test_that_of_the_resource(self):
        values = ['PCIe', 'NVMeOverFabrics']
        self.server.get(DRIVE, {'Protocol': 'NVMeOverFabrics'})
        for told in ({'AllowableValues': values}, {'AllowableValues': None}):
            found = self.protocol(Required=True, **told)
            self.assertEqual('NVMeOverFabrics', found)

    def test_that_of_the_resource_is_not_allowed(self):
        for own in ('SATA', None, 7):
            self.server.get(DRIVE, {'Protocol': own})
            found = self.protocol(Required=True, AllowableValues=['PCIe'])
            self.assertEqual('PCIe', found)

    def test_none_is_known(self):
        for values in (None, [], 'PCIe', [None], {}):
            self.allow([DRIVE], Required=True, AllowableValues=values)
            error = self.assertRaises(
                exception.PodManagerMalformed, self.attach
            )
            self.assertIn('Protocol', str(error))
        self.assertEqual([], self.sent())


class AttachedTest(AttachmentsTest):
    """What could be detached is what is attached."""

    def attached(self):
        return self.compute.get_node_detail(NODE).attached

    def test_told(self):
        name = 'Resource@Redfish.AllowableValues'
        self.action('DetachResource', **{name: [link(DRIVE)]})
        self.assertEqual([DRIVE], self.attached())

    def test_detail_in_any_case(self):
        name = 'Resource@Redfish.AllowableValues'
        for action in (
            *(None, {}, 'x', {'target': None}, {'target': 7}),
            {'target': f'http://elsewhere{TARGET}'},
            {'target': TARGET, '@Redfish.ActionInfo': 'http://elsewhere/'},
            {'target': TARGET, name: ['http://elsewhere/redfish/v1/x']},
            {'target': TARGET, name: {}},
        ):
            actions = {'#ComposedNode.DetachResource': action}
            self.server.get(NODE, {'Actions': actions})
            self.assertEqual([], self.attached(), action)
