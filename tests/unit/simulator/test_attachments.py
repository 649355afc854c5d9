"""What comes to a composed node later, and goes."""

from typing import Any

import testtools

from tests.unit.simulator import versions


class EachVersionTest(testtools.TestCase):
    """The same in all versions."""

    def each(self) -> Any:
        for name in versions.NAMES:
            yield self.useFixture(versions.Version(name))

    def test_drives_and_volumes_are_free(self) -> None:
        for version in self.each():
            node = version.assembled()
            free = version.allowed(node)
            self.assertEqual(8, len(free))
            for path in free:
                self.assertEqual(path, version.client.get(path)['@odata.id'])
            self.assertEqual([], version.allowed(node, 'Detach'))

    def test_attach_takes_it_from_all(self) -> None:
        for version in self.each():
            node, other = version.assembled(), version.client.allocate()
            first, *rest = version.allowed(node)
            answer = version.attach(node, first)
            self.assertEqual((204, b''), (answer.status_code, answer.content))
            self.assertEqual(rest, version.allowed(node))
            self.assertEqual(rest, version.allowed(other))
            self.assertEqual([first], version.allowed(node, 'Detach'))
            self.assertEqual([], version.allowed(other, 'Detach'))

    def test_detach_gives_it_back(self) -> None:
        for version in self.each():
            node = version.assembled()
            before = version.client.get(node)
            free = version.allowed(node)
            version.attach(node, free[0])
            answer = version.detach(node, free[0])
            self.assertEqual((204, b''), (answer.status_code, answer.content))
            self.assertEqual(free, version.allowed(node))
            self.assertEqual(before, version.client.get(node))
            self.assertEqual(204, version.attach(node, free[0]).status_code)

    def test_stats(self) -> None:
        for version in self.each():
            node = version.assembled()
            free = version.allowed(node)
            for path in (free[5], free[0]):
                version.attach(node, path)
            self.assertEqual([free[5], free[0]], version.attached(node))
            calls = version.client.stats()['calls']
            self.assertEqual(2, calls['attach'])

    def test_delete_frees_all(self) -> None:
        for version in self.each():
            node = version.assembled()
            free = version.allowed(node)
            for path in free:
                version.attach(node, path)
            self.assertEqual([], version.allowed(node))
            version.client.delete(node)
            self.assertEqual(free, version.allowed(version.assembled()))

    def test_state(self) -> None:
        for version in self.each():
            node = version.client.allocate()
            path = version.allowed(node)[0]
            for act in (version.attach, version.detach):
                answer = act(node, path)
                self.assertEqual(409, answer.status_code)
                self.assertEqual(
                    'Base.1.0.ResourcesStateMismatch',
                    answer.json()['error']['code'],
                )
            self.assertEqual([], version.attached(node))

    def test_failed_node(self) -> None:
        for version in self.each():
            version.client.modes(assembly='fail')
            node = version.assembled()
            path = version.allowed(node)[0]
            self.assertEqual(204, version.attach(node, path).status_code)
            self.assertEqual(204, version.detach(node, path).status_code)

    def test_attached_already(self) -> None:
        for version in self.each():
            node, other = version.assembled(), version.assembled()
            path = version.allowed(node)[0]
            version.attach(node, path)
            self.assertEqual(409, version.attach(node, path).status_code)
            self.assertEqual(409, version.attach(other, path).status_code)
            self.assertEqual([path], version.attached(node))

    def test_detach_what_is_not_attached(self) -> None:
        for version in self.each():
            node, other = version.assembled(), version.assembled()
            first, second = version.allowed(node)[:2]
            version.attach(other, first)
            for path in (first, second):
                answer = version.detach(node, path)
                self.assertEqual(409, answer.status_code)
            self.assertEqual([first], version.attached(other))

    def test_wrong_body(self) -> None:
        for version in self.each():
            node = version.assembled()
            own = version.client.get(version.client.system_of(node))
            for verb in ('Attach', 'Detach'):
                target = version.action(node, verb)['target']
                for body in (
                    {},
                    {'Resource': {}},
                    {'Resource': 'path'},
                    {'Resource': {'@odata.id': '/redfish/v1/None/1'}},
                    {'Resource': {'@odata.id': own['@odata.id']}},
                    {'Resource': {'@odata.id': 'x'}, 'Colour': 'red'},
                ):
                    answer = version.client.post(target, body)
                    self.assertEqual(400, answer.status_code, body)

    def test_no_such_node(self) -> None:
        for version in self.each():
            node = version.assembled()
            path = version.allowed(node)[0]
            target = version.action(node, 'Attach')['target']
            version.client.delete(node)
            body = {'Resource': {'@odata.id': path}}
            answer = version.client.post(target, body)
            self.assertEqual(404, answer.status_code)

    def test_vanished_node_has_nothing(self) -> None:
        for version in self.each():
            node, other = version.assembled(), version.assembled()
            free = version.allowed(node)
            version.attach(node, free[0])
            version.pods[0].forget(node.rpartition('/')[2])
            self.assertEqual(free, version.allowed(other))

    def test_pods_are_separate(self) -> None:
        version = self.useFixture(versions.Version('rsd2.3', pods=2))
        node = version.assembled()
        version.attach(node, version.allowed(node)[0])
        other = version.clients[1]
        info = f'{other.allocate()}/Actions/AttachResourceActionInfo'
        values = other.get(info)['Parameters'][0]['AllowableValues']
        self.assertEqual(8, len(values))
