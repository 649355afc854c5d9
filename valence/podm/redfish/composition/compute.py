"""Nodes that are computer systems made of resource blocks."""

import logging
from typing import Any

from valence.common import exception
from valence.objects import hardware
from valence.objects.requirements import Requirements
from valence.objects.resource import url_key
from valence.podm.redfish import monitors, parse
from valence.podm.redfish.collected import CollectedNodes
from valence.podm.redfish.composition import bodies, nodes, refusals
from valence.podm.redfish.composition.asking import Asking, read_blocks
from valence.podm.redfish.composition.offer import Offer
from valence.podm.redfish.service import Service
from valence.podm.redfish.snapshot import Snapshot

LOG = logging.getLogger(__name__)

ADD = '#ComputerSystem.AddResourceBlock'
REMOVE = '#ComputerSystem.RemoveResourceBlock'

_BLOCK = 'ResourceBlock'
_NOT_ALLOWED = 405


class CompositionCompute(CollectedNodes):
    """Compute with composed systems.

    :param systems: path of the collection of systems.
    :param path: of the CompositionService.
    """

    def __init__(self, service: Service, systems: str, path: str) -> None:
        super().__init__(service, systems)
        self._path = path

    @property
    def composes(self) -> bool:
        found = self._service.find(self._path)
        return found is not None and found.flag('ServiceEnabled') is not False

    def allocate_node(
        self,
        *,
        name: str,
        description: str,
        tag: str,
        requirements: Requirements,
    ) -> str | hardware.Pending:
        self.check(requirements)
        offer = self._offer(Snapshot(self._service))
        asking = Asking(
            self._service,
            offer,
            named=offer.named(name, description, tag),
            tag=tag,
            wanted=requirements,
            is_member=self.is_member,
        )
        return asking.ask() or self.found(tag, offer.systems)

    def capacity(self) -> int:
        service = Snapshot(self._service)
        found = read_blocks(service, self._offer(service), levels=1)
        return sum(block.begins_node for block in found)

    def read(self, document: parse.Document) -> hardware.ComposedNode | None:
        if not nodes.is_composed(document):
            return None
        return nodes.read_node(document)

    def get_node_detail(self, url: str) -> hardware.ComposedNode:
        return nodes.read_node(self._composed(url), self._service)

    def assemble_node(self, url: str) -> hardware.Pending | None:
        # It is assembled by being made.
        return None

    def reset_node(self, url: str, reset_type: str) -> hardware.Pending | None:
        return self.reset_system(url, reset_type)

    def set_node_boot(
        self, url: str, boot: hardware.BootOverride
    ) -> hardware.Pending | None:
        return self.set_system_boot(url, boot)

    def list_attachable(self, url: str) -> list[str]:
        held = self._composed(url).links('Links', 'ResourceBlocks')
        service = Snapshot(self._service)
        blocks = read_blocks(service, self._offer(service))
        ours = [each for each in blocks if parse.same(each.url, held)]
        zones = {zone for each in ours for zone in each.zones}
        return [
            each.url
            for each in blocks
            if each.is_free()
            and each not in ours
            and (zones & set(each.zones) or not zones)
        ]

    def attach_resource(
        self, url: str, resource_url: str
    ) -> hardware.Pending | None:
        free = self.list_attachable(url)
        block = parse.check_one_of(_BLOCK, resource_url, free)
        return self._change_blocks(url, block, ADD)

    def detach_resource(
        self, url: str, resource_url: str
    ) -> hardware.Pending | None:
        held = self._composed(url).links('Links', 'ResourceBlocks')
        block = parse.check_one_of(_BLOCK, resource_url, held)
        return self._change_blocks(url, block, REMOVE)

    def delete_node(self, url: str) -> hardware.Pending | None:
        try:
            self._composed(url)
            return self._change('DELETE', url)
        except exception.PodManagerRefused as error:
            if self.is_gone(url, error):
                LOG.debug('The node %s was gone already.', url)
                return None
            if error.kwargs['answer'] != _NOT_ALLOWED:
                raise
            target = self._manifests()
            if target is None:
                raise
            return self._decompose(target, url)

    def _decompose(self, target: str, url: str) -> hardware.Pending | None:
        client = self._service.client
        for body in bodies.decompose(url):
            try:
                answer = client.send('POST', target, body)
                pending = monitors.pending(client, answer)
                if pending is None:
                    refusals.check_stanza(client, answer)
                return pending
            except exception.PodManagerRefused as error:
                refused = error
        raise refused

    def _manifests(self) -> str | None:
        return self._offer(Snapshot(self._service)).compose_target

    def _offer(self, service: Snapshot) -> Offer:
        return Offer(service, self._path, self._collection)

    def _composed(self, url: str) -> parse.Document:
        """Read a system that must be a composed one.

        :raises PodManagerResourceMissing: if it is none, or gone.
        """
        return self.node_at(url)[0]

    def _change_blocks(
        self, url: str, block: str, name: str
    ) -> hardware.Pending | None:
        """Add or remove a block, unless one of both has changed since."""
        service = self._service
        system, system_etag = service.get_with_etag(url)
        _block, block_etag = service.get_with_etag(block)
        action = system.part('Actions', name)
        if not action.raw:
            body = _patched(system, block, add=name == ADD)
            answer = service.client.send(
                'PATCH', url, body, if_match=system_etag
            )
            return monitors.pending(service.client, answer)
        body = {
            _BLOCK: {'@odata.id': block},
            'ComputerSystemETag': system_etag,
            'ResourceBlockETag': block_etag,
        }
        given = {name: value for name, value in body.items() if value}
        return self._act(action, name, given)


def _patched(
    system: parse.Document, block: str, *, add: bool
) -> dict[str, Any]:
    urls = [
        each
        for each in system.links('Links', 'ResourceBlocks')
        if url_key(each) != url_key(block)
    ]
    if add:
        urls.append(block)
    links = [{'@odata.id': each} for each in urls]
    return {'Links': {'ResourceBlocks': links}}
