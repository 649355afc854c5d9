"""Intel Rack Scale Design's Nodes API, versions 2.1 to 2.5.

A node is allocated (which reserves its parts), then assembled (which takes
its time), and taken apart by DELETE. One node has one system.
"""

import logging
from collections.abc import Sequence
from typing import Any

from valence.common import exception
from valence.objects import hardware
from valence.objects.requirements import Memory, Requirements
from valence.podm.redfish import (
    actions,
    attachments,
    monitors,
    nodes,
    parse,
)
from valence.podm.redfish.collected import CollectedNodes

LOG = logging.getLogger(__name__)

#: Intel's pod manager spells it one way, Intel's simulator the other.
ALLOCATE = (
    '#ComposedNodeCollection.Allocate',
    '#ComposedNodesCollection.Allocate',
)
ASSEMBLE = '#ComposedNode.Assemble'
#: Since 2.4.
FORCE_DELETE = '#ComposedNode.ForceDelete'


class RsdCompute(CollectedNodes):
    """Compute with composed nodes."""

    def allocate_node(
        self,
        *,
        name: str,
        description: str,
        tag: str,
        requirements: Requirements,
    ) -> str | hardware.Pending:
        self.check(requirements)
        action = actions.find(self._service.get(self._collection), *ALLOCATE)
        body = {
            'Name': name,
            'Description': f'{description} {tag}'.strip(),
            **_wanted(requirements),
        }
        try:
            with actions.advertised(action, ALLOCATE[0]):
                answer = self._service.client.send(
                    'POST', action.target('target'), body
                )
        except exception.PodManagerRefused as error:
            if _no_match(error):
                raise exception.NoMatchingSystem(
                    detail=str(error), reasons=error.reasons
                ) from None
            raise
        made = monitors.made(self._service.client, answer, self.is_member)
        return made or self.found(tag, answer.path)

    def read(self, document: parse.Document) -> hardware.ComposedNode:
        return nodes.read_node(document)

    def get_node_detail(self, url: str) -> hardware.ComposedNode:
        return nodes.read_detail(self._service, self._service.get(url))

    def list_attachable(self, url: str) -> list[str]:
        return self._action(url, attachments.ATTACH).urls()

    def attach_resource(
        self, url: str, resource_url: str
    ) -> hardware.Pending | None:
        action = self._action(url, attachments.ATTACH)
        return self._act(
            action.advertised, action.name, action.body(resource_url)
        )

    def detach_resource(
        self, url: str, resource_url: str
    ) -> hardware.Pending | None:
        action = self._action(url, attachments.DETACH)
        return self._act(
            action.advertised, action.name, action.body(resource_url)
        )

    def assemble_node(self, url: str) -> hardware.Pending | None:
        action = actions.find(self._service.get(url), ASSEMBLE)
        return self._act(action, ASSEMBLE)

    def reset_node(self, url: str, reset_type: str) -> hardware.Pending | None:
        return self._reset(self._service.get(url), reset_type, nodes.RESET)

    def set_node_boot(
        self, url: str, boot: hardware.BootOverride
    ) -> hardware.Pending | None:
        node = self._service.get(url)
        change = actions.boot_change(node, boot)
        try:
            return self._change('PATCH', url, change)
        except exception.PodManagerRefused as error:
            # Some allow it on the node's system only.
            system = node.link('Links', 'ComputerSystem')
            if error.kwargs['answer'] != 405 or system is None:
                raise
            return self.set_system_boot(system, boot)

    def force_delete_node(self, url: str) -> hardware.Pending | None:
        node = self._service.find(url)
        action = None if node is None else node.part('Actions', FORCE_DELETE)
        if action is None or not action.raw:
            return self.delete_node(url)
        return self._act(action, FORCE_DELETE)

    def delete_node(self, url: str) -> hardware.Pending | None:
        try:
            return self._change('DELETE', url)
        except exception.PodManagerRefused as error:
            if not self.is_gone(url, error):
                raise
            LOG.debug('The node %s was gone already.', url)
            return None

    def _action(self, url: str, names: Sequence[str]) -> attachments.Action:
        node = self._service.get(url)
        return attachments.Action(self._service, node, names)


def _no_match(error: exception.PodManagerRefused) -> bool:
    return error.kwargs['answer'] == 409 and any(
        'ResourcesStateMismatch' in code for code in error.kwargs['codes']
    )


def _wanted(requirements: Requirements) -> dict[str, Any]:
    """Give what an Allocate asks for, with numbers as numbers."""
    processor, drive = requirements.processor, requirements.local_drive
    memory, network = requirements.memory, requirements.network
    wanted = {
        'Processors': processor
        and {
            'TotalCores': processor.total_cores,
            'Model': processor.model,
            'InstructionSet': processor.instruction_set,
            'AchievableSpeedMHz': processor.speed_mhz,
        },
        'Memory': memory and _memory(memory),
        'LocalDrives': drive
        and {'CapacityGiB': drive.capacity_gib, 'Type': drive.type},
        'EthernetInterfaces': network and {'SpeedMbps': network.speed_mbps},
    }
    asked = {
        name: {key: value for key, value in part.items() if value is not None}
        for name, part in wanted.items()
        if part
    }
    return {name: [part] for name, part in asked.items() if part}


def _memory(memory: Memory) -> dict[str, Any]:
    return {
        'CapacityMiB': memory.capacity_mib,
        'SpeedMHz': memory.speed_mhz,
        'MemoryType': memory.kind,
        'MemoryDeviceType': memory.device,
    }
