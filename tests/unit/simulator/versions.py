"""Pod managers of all versions of Intel RSD, and what is asked of them."""

from typing import Any

import requests

from tests.unit.simulator import running

NAMES = ('rsd2.1', 'rsd2.2', 'rsd2.3', 'rsd2.4', 'rsd2.5')
BY_ENDPOINT = ('rsd2.1', 'rsd2.2')
BY_RESOURCE = ('rsd2.3', 'rsd2.4', 'rsd2.5')


class Version(running.Running):
    """A simulator of one version, and a client that follows links."""

    def __init__(self, name: str, systems: int = 2, **options: Any) -> None:
        super().__init__(mode=name, systems=systems, **options)
        self.verb = 'Endpoint' if name in BY_ENDPOINT else 'Resource'

    def root(self) -> Any:
        """Return the service root."""
        return self.client.get(running.ROOT)

    def extension(self) -> Any:
        """Return what Intel adds to the service root."""
        return self.root()['Oem']['Intel_RackScale']

    def linked(self, name: str) -> Any:
        """Return what the service root links to, wherever it does."""
        holder = {**self.extension(), **self.root()}
        return self.client.get(holder[name]['@odata.id'])

    def first(self, name: str) -> Any:
        """Return the first member of what the service root links to."""
        return self.client.get(self.linked(name)['Members'][0]['@odata.id'])

    def assembled(self) -> str:
        """Return the path of a new node that was assembled."""
        node = self.client.allocate()
        self.client.assemble(node)
        self.client.settle(node)
        return node

    def action(self, node: str, verb: str) -> Any:
        """Return the action that attaches or detaches."""
        actions = self.client.get(node)['Actions']
        return actions[f'#ComposedNode.{verb}{self.verb}']

    def allowed(self, node: str, verb: str = 'Attach') -> list[str]:
        """Return what can be attached or detached, as the node tells."""
        action = self.action(node, verb)
        values = action.get('Resource@Redfish.AllowableValues')
        if values is None:
            info = self.client.get(action['@Redfish.ActionInfo'])
            values = info['Parameters'][0]['AllowableValues']
        return [each['@odata.id'] for each in values]

    def attach(self, node: str, path: str, **more: Any) -> requests.Response:
        """Attach something."""
        return self.change(node, 'Attach', path, **more)

    def detach(self, node: str, path: str) -> requests.Response:
        """Detach something."""
        return self.change(node, 'Detach', path)

    def change(
        self, node: str, verb: str, path: str, **more: Any
    ) -> requests.Response:
        """Attach or detach something."""
        body = {'Resource': {'@odata.id': path}, **more}
        return self.client.post(self.action(node, verb)['target'], body)

    def attached(self, node: str) -> list[str]:
        """Return what the pod knows to be attached to a node."""
        own_id = node.rpartition('/')[2]
        for each in self.client.stats()['nodes']:
            if each['id'] == own_id:
                return list(each['attached'])
        return []
