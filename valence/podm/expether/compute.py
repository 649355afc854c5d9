"""Nodes of an ExpEther manager (EEM): an EESV and the EEIOs of its group.

An EEM stores no names. Of a node's tag nothing is left there but the group,
which is one of the few that follow from the tag; others may be in the same
one. So:

* To allocate changes nothing. It chooses the EESV and the group, and the
  answer is a :class:`~valence.objects.hardware.Pending` that says them: who
  asked writes that down before anything is done. To ask again makes no
  second node, since it made no first one.
* To assemble puts them together, and needs no memory but the node's url:
  first the EESV, which is then nobody else's, then what is missing of the
  EEIOs. Each step can be repeated. Refused, it undoes its steps; without an
  answer it leaves them, and is to be called again.
* A node's url names EESV and group. If somebody else was quicker with the
  EESV, or got it later, then the node of the url is gone, and what is done
  by the url does not touch theirs.
* To find a node by its tag is safe only where there is none. If something
  is in one of its groups then a person must look, and is told what.

It is not safe against others who take the same device within the moment
between our look and our change, as an EEM changes groups without condition:
the last one has it. Who lost an EESV finds out by the url, who lost an EEIO
finds it missing among what is attached.
"""

from typing import NoReturn

from valence.common import exception
from valence.objects import hardware
from valence.objects.requirements import Requirements
from valence.podm import base
from valence.podm.expether import choice, nodes, urls
from valence.podm.expether.devices import Device, Status
from valence.podm.expether.eem import Eem
from valence.podm.expether.urls import Place


class ExpEtherCompute(base.Compute):
    """:param name: of the pod manager."""

    def __init__(self, eem: Eem, name: str) -> None:
        self._eem = eem
        self._name = name

    @property
    def composes(self) -> bool:
        return True

    # Systems

    def get_system(self, url: str) -> hardware.System:
        eesv = self._device(url)
        if eesv.status != Status.EESV:
            raise self._eem.missing(url, f'it is the {eesv}, and no system')
        return nodes.read_system(self._eem.base, eesv)

    def reset_system(self, url: str, reset_type: str) -> NoReturn:
        raise _unsupported('Reset')

    def set_system_boot(
        self, url: str, boot: hardware.BootOverride
    ) -> NoReturn:
        raise _unsupported('Boot')

    # Nodes, as they are

    def find_node(self, tag: str) -> None:
        """Make sure that there is no node with this tag.

        :raises NeedsAttention: if there may be one.
        """
        groups = choice.groups_of(tag)
        found = [
            f'{device} is in group {device.group}.'
            for status in Status
            for device in self._eem.devices(status)
            if device.group in groups
        ]
        if found:
            raise exception.NeedsAttention(
                detail=f'Pod Manager {self._name} stores no names, so what '
                'is left of the node there, if anything, cannot be told '
                'from what others have: if nobody needs it, take it out of '
                'its group and try again.',
                reasons=found,
            )

    def may_be(self, node: hardware.ComposedNode, tag: str) -> bool:
        return self._place(node.url).group in choice.groups_of(tag)

    def has_node(self, url: str) -> bool:
        place = self._place(url)
        eesvs = self._in_group(place, Status.EESV)
        if eesvs:
            return any(_is(place, eesv) for eesv in eesvs)
        return bool(self._in_group(place, Status.EEIO))

    def list_nodes(self) -> list[hardware.ComposedNode]:
        eeios = self._eem.devices(Status.EEIO)
        return [
            nodes.read_node(
                self._eem.base, Place(eesv.id, eesv.group), eesv, eeios
            )
            for eesv in self._eem.devices(Status.EESV)
            if not eesv.free
        ]

    def get_node(self, url: str) -> hardware.ComposedNode:
        place = self._place(url)
        eesv = self._eem.device(place.eesv)
        if place.wanted is None:
            self._check_in_group(eesv, place, url)
        eeios = self._eem.devices(Status.EEIO)
        return nodes.read_node(self._eem.base, place, eesv, eeios)

    def get_node_detail(self, url: str) -> hardware.ComposedNode:
        return self.get_node(url)

    # Nodes, made and changed

    def allocate_node(
        self,
        *,
        name: str,
        description: str,
        tag: str,
        requirements: Requirements,
    ) -> hardware.Pending:
        place = choice.choose(
            tag,
            choice.wanted_kinds(requirements),
            self._eem.devices(Status.EESV),
            self._eem.devices(Status.EEIO),
        )
        return hardware.Pending(urls.node_url(self._eem.base, place), delay=0)

    def assemble_node(self, url: str) -> None:
        place = self._place(url)
        eesv = self._eem.device(place.eesv)
        if place.wanted is None or not eesv.free:
            self._check_in_group(eesv, place, url)
        done: list[Device] = []
        try:
            if eesv.free:
                self._eem.join(eesv, place.group)
                done.append(eesv)
            for eeio in self._missing(place):
                self._eem.join(eeio, place.group)
                done.append(eeio)
        except (exception.PodManagerRefused, exception.ChangeFailed) as error:
            raise _with_reasons(error, self._undo(done)) from error

    def _missing(self, place: Place) -> list[Device]:
        try:
            return choice.missing(place, self._eem.devices(Status.EEIO))
        except exception.NoMatchingSystem as error:
            raise exception.ChangeFailed(
                podm=self._name,
                what='composing the node',
                reasons=[error.detail, *error.reasons],
            ) from None

    def _undo(self, done: list[Device]) -> list[str]:
        """Take apart what was put together; tell what could not be."""
        left = []
        for device in reversed(done):
            try:
                self._eem.leave(device)
            except exception.PodManagerError as error:
                left.append(f'{device} could not be released: {error}')
        return left

    def delete_node(self, url: str) -> None:
        place = self._place(url)
        eesvs = self._in_group(place, Status.EESV)
        ours = [eesv for eesv in eesvs if _is(place, eesv)]
        if ours == eesvs:
            for eeio in self._in_group(place, Status.EEIO):
                self._eem.leave(eeio)
        # Last: as long as it is there, so is the node.
        for eesv in ours:
            self._eem.leave(eesv)

    def reset_node(self, url: str, reset_type: str) -> NoReturn:
        raise _unsupported('Reset')

    def set_node_boot(self, url: str, boot: hardware.BootOverride) -> NoReturn:
        raise _unsupported('Boot')

    # What is attached

    def list_attachable(self, url: str) -> list[str]:
        eesv = self._eesv(url)
        eeios = self._eem.devices(Status.EEIO)
        if _is_full(eesv, eeios):
            return []
        return [self._url(eeio) for eeio in eeios if eeio.usable]

    def attach_resource(self, url: str, resource_url: str) -> None:
        eesv, eeio = self._eesv(url), self._eeio(resource_url)
        if eeio.group == eesv.group:
            return
        if not eeio.free:
            raise exception.Conflict(
                detail=f'{eeio} is in group {eeio.group}, so it is attached '
                'elsewhere: detach it there first.'
            )
        if _is_full(eesv, self._eem.devices(Status.EEIO)):
            raise exception.Conflict(
                detail=f'{eesv} has {eesv.room} devices, and cannot have '
                'more: detach one first.'
            )
        self._eem.join(eeio, eesv.group)

    def detach_resource(self, url: str, resource_url: str) -> None:
        eesv, eeio = self._eesv(url), self._eeio(resource_url)
        if eeio.group == eesv.group:
            self._eem.leave(eeio)
        elif not eeio.free:
            raise exception.Conflict(
                detail=f'{eeio} is in group {eeio.group}, and so not '
                'attached to this node.'
            )

    # Helpers

    def _eesv(self, url: str) -> Device:
        """Give the EESV of a node that is there."""
        place = self._place(url)
        eesv = self._eem.device(place.eesv)
        self._check_in_group(eesv, place, url)
        return eesv

    def _check_in_group(self, eesv: Device, place: Place, url: str) -> None:
        if eesv.group != place.group:
            where = 'free' if eesv.free else f'in group {eesv.group}'
            raise self._eem.missing(url, f'{eesv} is {where} now')

    def _eeio(self, url: str) -> Device:
        device = self._device(url)
        if device.status != Status.EEIO:
            raise exception.UnsupportedValue(
                field='resource', value=url, allowed='EEIOs'
            )
        return device

    def _device(self, url: str) -> Device:
        identity = urls.device_id(url)
        if identity is None:
            raise self._eem.missing(url, 'it is no device')
        return self._eem.device(identity)

    def _place(self, url: str) -> Place:
        place = urls.read_place(url)
        if place is None:
            raise self._eem.missing(url, 'it is no node')
        return place

    def _in_group(self, place: Place, status: Status) -> list[Device]:
        return [
            device
            for device in self._eem.devices(status)
            if device.group == place.group
        ]

    def _url(self, device: Device) -> str:
        return urls.device_url(self._eem.base, device.id)


def _is(place: Place, eesv: Device) -> bool:
    return eesv.id == place.eesv


def _is_full(eesv: Device, eeios: list[Device]) -> bool:
    held = [eeio for eeio in eeios if eeio.group == eesv.group]
    return eesv.room is not None and len(held) >= eesv.room


def _with_reasons(
    error: exception.ValenceError, reasons: list[str]
) -> exception.ValenceError:
    kwargs = {**error.kwargs, 'reasons': [*error.reasons, *reasons]}
    return type(error)(**kwargs)


def _unsupported(action: str) -> exception.UnsupportedAction:
    return exception.UnsupportedAction(
        action=action,
        what='ExpEther: its manager has neither power nor boot control',
    )
