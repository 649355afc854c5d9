import testtools

from tests.unit.podm.expether import connected
from tests.unit.podm.expether.connected import TAG, eeio, eesv
from valence.common import exception
from valence.objects import hardware
from valence.podm.expether import choice

REDFISH = '/redfish/v1/Nodes/1'


class ComposeTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=3))
        self.compute = self.manager.compute

    def test_from_allocated_to_deleted(self):
        url = self.manager.chosen('NIC', 'GPU', 'nic')
        self.assertEqual('Allocated', self.compute.get_node(url).state)
        self.assertIsNone(self.compute.assemble_node(url))
        node = self.compute.get_node(url)
        self.assertEqual('Assembled', node.state)
        self.assertEqual(3, len(node.attached))
        self.assertEqual((2, 9), self.manager.free())
        self.assertEqual(
            [node.url], [n.url for n in self.compute.list_nodes()]
        )
        self.assertIsNone(self.compute.delete_node(node.url))
        self.assertEqual((3, 12), self.manager.free())
        self.assertEqual([], self.compute.list_nodes())

    def test_what_it_tells(self):
        node = self.manager.composed('NIC')
        (board,) = self.manager.eem.all('eesv', group=self.group_of(node))
        self.assertEqual((board.id, board.id), (node.id, node.name))
        self.assertEqual('Simulated Server', node.description)
        self.assertEqual(('OK', 'On'), (node.health, node.power_state))
        self.assertEqual(f'/eem/devices/{board.id}', node.system_url)
        (device,) = self.manager.eem.all('eeio', group=board.group)
        self.assertEqual([f'/eem/devices/{device.id}'], node.attached)
        again = self.compute.get_node_detail(node.url)
        self.assertEqual(node.raw, again.raw)
        self.assertEqual('Assembled', again.state)

    def group_of(self, node):
        return node.url.rpartition('=')[2]

    def test_allocating_changes_nothing(self):
        urls = {self.manager.chosen('NIC') for _time in range(3)}
        self.assertEqual(1, len(urls))
        self.assertEqual((3, 12), self.manager.free())
        self.assertEqual({'GET'}, set(self.manager.pod.requests))
        self.assertFalse(self.compute.has_node(urls.pop()))

    def test_assembling_twice_changes_nothing_more(self):
        url = self.manager.chosen('NIC')
        self.compute.assemble_node(url)
        before = self.manager.pod.requests['PUT']
        self.compute.assemble_node(url)
        self.assertEqual(before, self.manager.pod.requests['PUT'])
        self.assertEqual(1, len(self.compute.get_node(url).attached))

    def test_goes_on_where_it_was_left(self):
        """Each change takes effect, and nobody learns of it."""
        url = self.manager.chosen('NIC', 'SSD')
        self.manager.pod.set_modes(drop=True)
        states = []
        for _change in range(3):
            self.assertRaises(
                exception.PodManagerConnectionLost,
                self.compute.assemble_node,
                url,
            )
            states.append(self.compute.get_node(url).state)
        self.assertEqual(['Allocated', 'Allocated', 'Assembled'], states)
        self.assertIsNone(self.compute.assemble_node(url))
        self.assertEqual((2, 10), self.manager.free())

    def test_nothing_matches(self):
        for kinds in (('FPGA',), ('GPU',) * 4, ('NIC', 'NIC', 'SSD') * 2):
            error = self.assertRaises(
                exception.NoMatchingSystem, self.manager.chosen, *kinds
            )
            self.assertTrue(error.reasons)
        self.assertEqual((3, 12), self.manager.free())

    def test_all_are_taken(self):
        for number in range(3):
            self.manager.composed(tag=f'valence-{number}')
        error = self.assertRaises(
            exception.NoMatchingSystem, self.manager.chosen
        )
        self.assertEqual(['No EESV is free.'], error.reasons)

    def test_nodes_of_several_tags(self):
        nodes = [
            self.manager.composed('NIC', tag=f'valence-{number}')
            for number in range(3)
        ]
        self.assertEqual(3, len({node.id for node in nodes}))
        self.assertEqual(3, len({node.attached[0] for node in nodes}))
        self.compute.delete_node(nodes[0].url)
        self.assertEqual(
            {node.url for node in nodes[1:]},
            {node.url for node in self.compute.list_nodes()},
        )


class OthersTest(testtools.TestCase):
    """Somebody else was quicker, or came later."""

    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=1))
        self.compute = self.manager.compute
        (self.board,) = self.manager.eem.all('eesv')

    def test_eesv_is_taken_before_it_is_ours(self):
        url = self.manager.chosen('NIC')
        self.board.move('77')
        self.assertEqual('Failed', self.compute.get_node(url).state)
        self.assertRaises(
            exception.PodManagerResourceMissing,
            self.compute.assemble_node,
            url,
        )
        self.compute.delete_node(url)
        self.assertEqual('77', self.board.group)

    def test_eesv_gets_into_another_group_later(self):
        node = self.manager.composed('NIC')
        self.board.move('77')
        error = self.assertRaises(
            exception.PodManagerResourceMissing,
            self.compute.get_node,
            node.url,
        )
        self.assertIn('is in group 77 now', error.detail)
        self.assertTrue(self.compute.has_node(node.url))
        self.compute.delete_node(node.url)
        self.assertFalse(self.compute.has_node(node.url))
        self.assertEqual('77', self.board.group)
        self.assertEqual((0, 4), self.manager.free())

    def test_eesv_is_freed(self):
        node = self.manager.composed()
        self.board.move('4094')
        for call in (self.compute.get_node, self.compute.assemble_node):
            error = self.assertRaises(
                exception.PodManagerResourceMissing, call, node.url
            )
            self.assertIn('is free now', error.detail)

    def test_eeio_is_taken(self):
        url = self.manager.chosen('NIC', 'GPU')
        self.compute.assemble_node(url)
        gpu = self.manager.eem.get(self.ids(url)['0x030200'])
        gpu.move('77')
        self.assertEqual('Allocated', self.compute.get_node(url).state)
        error = self.assertRaises(
            exception.ChangeFailed, self.compute.assemble_node, url
        )
        self.assertIn('a GPU 1 are wanted, and 0 free', error.reasons[1])

    def ids(self, url):
        """Give what is attached to a node, by its class code."""
        found = {}
        for path in self.compute.get_node(url).attached:
            device = self.manager.eem.get(path.rpartition('/')[2])
            found[device.values['pcie_class_code']] = device.id
        return found

    def test_other_eesv_in_the_group_keeps_the_eeios(self):
        for ours in (True, False):
            server = self.useFixture(
                connected.ScriptedEem(
                    eesv(1, group_id='20' if ours else '4094'),
                    eesv(2, group_id='20'),
                    eeio(1, group_id='20'),
                )
            )
            url = '/eem/devices/0xa1?group_id=20'
            self.assertIs(ours, server.compute.has_node(url))
            server.compute.delete_node(url)
            expected = ['/eem/devices/0xa1/group_id'] if ours else []
            self.assertEqual(expected, server.asked('DELETE'))


class RollBackTest(testtools.TestCase):
    """An assembly is refused half-way."""

    place = '/eem/devices/0xa1?group_id=20&wanted=NIC,NIC'

    def setUp(self):
        super().setUp()
        self.server = self.useFixture(
            connected.ScriptedEem(eesv(), eeio(1), eeio(2))
        )

    def refuse(self, method, identity, status=409, message='No.'):
        body = {'code': f'{status}00', 'message': message}
        path = f'/eem/devices/{identity}/group_id'
        self.server.script[method, path] = connected.scripted.Reply(
            status, body
        )

    def assemble(self, error=exception.PodManagerRefused):
        return self.assertRaises(
            error, self.server.compute.assemble_node, self.place
        )

    def changes(self):
        return [
            (request.method, request.path.split('/')[3])
            for request in self.server.requests
            if request.method != 'GET'
        ]

    def test_what_was_put_together_is_taken_apart(self):
        for status in (400, 409, 500):
            self.server.requests.clear()
            for identity in ('0xb1', '0xb2'):
                self.refuse('PUT', identity, status, 'Wrong slot.')
            self.assertIn('Wrong slot.', self.assemble().detail)
            (_eesv, (_put, first), *undone) = self.changes()
            self.assertIn(first, ('0xb1', '0xb2'))
            self.assertEqual([('DELETE', '0xa1')], undone)

    def test_in_reverse(self):
        self.server.compute.assemble_node(self.place)
        (_eesv, (_put, first), (_put2, second)) = self.changes()
        self.server.requests.clear()
        self.refuse('PUT', second)
        self.assemble()
        self.assertEqual(
            [
                ('PUT', '0xa1'),
                ('PUT', first),
                ('PUT', second),
                ('DELETE', first),
                ('DELETE', '0xa1'),
            ],
            self.changes(),
        )

    def test_groups_as_strings(self):
        self.server.compute.assemble_node(self.place)
        puts = [each for each in self.server.requests if each.method == 'PUT']
        self.assertEqual(3, len(puts))
        for put in puts:
            self.assertEqual({'group_id': '20'}, put.document)

    def test_roll_back_that_fails_is_told(self):
        for identity in ('0xb1', '0xb2'):
            self.refuse('PUT', identity, message='Wrong slot.')
        self.refuse('DELETE', '0xa1', message='Locked.')
        error = self.assemble()
        self.assertIn('Wrong slot.', error.detail)
        self.assertIn('EESV 0xa1 could not be released', error.reasons[0])
        self.assertIn('Locked.', error.reasons[0])
        self.assertEqual(error.reasons, error.kwargs['reasons'])

    def test_eesv_that_was_ours_before_is_kept(self):
        self.server.has(eesv(group_id='20'), eeio(1), eeio(2))
        for identity in ('0xb1', '0xb2'):
            self.refuse('PUT', identity)
        self.assemble()
        self.assertNotIn('DELETE', [method for method, _ in self.changes()])

    def test_too_few_are_left(self):
        self.server.has(eesv(), eeio(1), eeio(2, group_id='99'))
        error = self.assemble(exception.ChangeFailed)
        self.assertIn('2 are wanted, and 1 free', ' '.join(error.reasons))
        self.assertEqual([('PUT', '0xa1'), ('DELETE', '0xa1')], self.changes())

    def test_no_answer(self):
        """Nobody knows: it is to be assembled again, or deleted."""
        path = '/eem/devices/0xa1/group_id'
        self.server.script['PUT', path] = connected.scripted.drop
        self.assemble(exception.PodManagerConnectionLost)
        self.assertEqual([('PUT', '0xa1')], self.changes())


class FindTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=2))
        self.compute = self.manager.compute

    def find(self):
        return self.assertRaises(
            exception.NeedsAttention, self.compute.find_node, TAG
        )

    def test_surely_none(self):
        self.manager.composed('NIC', tag='valence-other')
        self.assertIsNone(self.compute.find_node(TAG))
        self.assertIsNone(self.compute.find_pending(TAG))

    def test_perhaps(self):
        node = self.manager.composed('NIC')
        error = self.find()
        self.assertEqual(2, len(error.reasons))
        self.assertIn(node.id, error.reasons[0])
        self.assertIn('stores no names', error.detail)
        self.compute.delete_node(node.url)
        self.assertIsNone(self.compute.find_node(TAG))

    def test_perhaps_only_a_device(self):
        group = str(choice.groups_of(TAG)[-1])
        self.manager.eem.all('eeio')[0].move(group)
        self.assertEqual(1, len(self.find().reasons))


class AttachTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=2))
        self.compute = self.manager.compute
        self.node = self.manager.composed('NIC').url

    def attached(self):
        return self.compute.get_node(self.node).attached

    def test_attach_and_detach(self):
        free = self.compute.list_attachable(self.node)
        self.assertEqual(7, len(free))
        for _time in range(2):
            self.assertIsNone(self.compute.attach_resource(self.node, free[0]))
            self.assertIn(free[0], self.attached())
        self.assertNotIn(free[0], self.compute.list_attachable(self.node))
        for _time in range(2):
            self.assertIsNone(self.compute.detach_resource(self.node, free[0]))
            self.assertNotIn(free[0], self.attached())
        self.assertEqual(7, len(self.compute.list_attachable(self.node)))

    def test_down_is_not_offered(self):
        first = self.compute.list_attachable(self.node)[0]
        self.manager.eem.get(first.rpartition('/')[2]).up = False
        self.assertNotIn(first, self.compute.list_attachable(self.node))
        error = self.assertRaises(
            exception.PodManagerRefused,
            self.compute.attach_resource,
            self.node,
            first,
        )
        self.assertIn('does not respond', error.detail)

    def test_attached_elsewhere(self):
        other = self.manager.composed('SSD', tag='valence-other')
        for change in (
            self.compute.attach_resource,
            self.compute.detach_resource,
        ):
            error = self.assertRaises(
                exception.Conflict, change, self.node, other.attached[0]
            )
            self.assertIn('is in group', error.detail)
        again = self.compute.get_node(other.url)
        self.assertEqual(other.attached, again.attached)

    def test_full(self):
        free = self.compute.list_attachable(self.node)
        for url in free[:3]:
            self.compute.attach_resource(self.node, url)
        self.assertEqual([], self.compute.list_attachable(self.node))
        error = self.assertRaises(
            exception.Conflict,
            self.compute.attach_resource,
            self.node,
            free[3],
        )
        self.assertIn('has 4 devices, and cannot have more', error.detail)
        self.assertEqual(4, len(self.attached()))

    def test_not_an_eeio(self):
        system = self.compute.get_node(self.node).system_url
        self.assertRaises(
            exception.UnsupportedValue,
            self.compute.attach_resource,
            self.node,
            system,
        )

    def test_what_is_not_there(self):
        free = self.compute.list_attachable(self.node)
        self.compute.delete_node(self.node)
        for node, url in (
            (self.node, free[0]),
            (self.node, '/eem/devices/0x1'),
            (REDFISH, free[0]),
        ):
            self.assertRaises(
                exception.PodManagerResourceMissing,
                self.compute.attach_resource,
                node,
                url,
            )


class GoneTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.manager = self.useFixture(connected.Simulated(systems=1))
        self.compute = self.manager.compute

    def test_delete_what_is_gone(self):
        node = self.manager.composed('NIC')
        for _time in range(2):
            self.assertIsNone(self.compute.delete_node(node.url))
        self.assertEqual((1, 4), self.manager.free())

    def test_board_is_gone(self):
        node = self.manager.composed('NIC')
        self.manager.eem.forget(node.id)
        self.assertRaises(
            exception.PodManagerResourceMissing,
            self.compute.get_node,
            node.url,
        )
        self.compute.delete_node(node.url)
        self.assertEqual((0, 4), self.manager.free())

    def test_device_goes_while_a_node_is_deleted(self):
        server = self.useFixture(
            connected.ScriptedEem(eesv(group_id='20'), eeio(group_id='20'))
        )
        path = '/eem/devices/0xb1/group_id'
        server.script['DELETE', path] = connected.scripted.Reply(404, b'')
        server.compute.delete_node('/eem/devices/0xa1?group_id=20')
        self.assertEqual(
            [path, '/eem/devices/0xa1/group_id'], server.asked('DELETE')
        )

    def test_urls_of_something_else(self):
        for call in (
            self.compute.get_system,
            self.compute.get_node,
            self.compute.assemble_node,
            self.compute.delete_node,
        ):
            self.assertRaises(
                exception.PodManagerResourceMissing, call, REDFISH
            )
        self.assertRaises(
            exception.PodManagerResourceMissing,
            self.compute.has_node,
            REDFISH,
        )

    def test_an_eeio_is_no_system(self):
        device = self.manager.eem.all('eeio')[0]
        error = self.assertRaises(
            exception.PodManagerResourceMissing,
            self.compute.get_system,
            f'/eem/devices/{device.id}',
        )
        self.assertIn('no system', error.detail)


class UnsupportedTest(testtools.TestCase):
    def test_power_and_boot(self):
        manager = self.useFixture(connected.Simulated(systems=1))
        compute, boot = manager.compute, hardware.BootOverride('Once', 'Pxe')
        for call, argument in (
            (compute.reset_system, 'On'),
            (compute.reset_node, 'On'),
            (compute.set_system_boot, boot),
            (compute.set_node_boot, boot),
        ):
            error = self.assertRaises(
                exception.UnsupportedAction, call, '/eem/devices/0x1', argument
            )
            self.assertIn('ExpEther', error.detail)
        self.assertEqual(0, manager.pod.requests.total())
