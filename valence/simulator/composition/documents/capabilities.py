"""What clients can send to make a system: DSP2050, 'Capabilities'."""

import typing

from valence.simulator import computers
from valence.simulator import personality as personalities
from valence.simulator import pod as pods
from valence.simulator.composition import (
    blocks,
    choosing,
    constraints,
    shapes,
    systems,
)
from valence.simulator.documents import common

SPECIFIC = f'{systems.PATH}/Capabilities'
CONSTRAINED = f'{systems.PATH}/ConstrainedCompositionCapabilities'

BOOT = {
    'BootSourceOverrideEnabled': computers.BOOT_ENABLED,
    'BootSourceOverrideTarget': computers.BOOT_TARGETS,
    'BootSourceOverrideMode': computers.BOOT_MODES,
}

_USE_CASES = (
    (personalities.SPECIFIC, 'ComputerSystemComposition', SPECIFIC),
    (
        personalities.CONSTRAINED,
        'ComputerSystemConstrainedComposition',
        CONSTRAINED,
    ),
)


def annotation(pod: pods.Pod, zone: str | None = None) -> common.Json:
    """Return what a collection, or a zone, tells of how to make a system.

    :param zone: the path of the zone; None for the collection
    """
    if pod.personality.takes_manifests:
        return {}
    links: common.Json = {'TargetCollection': common.link(systems.PATH)}
    if zone is not None:
        links['RelatedItem'] = common.links([zone])
    return {
        '@Redfish.CollectionCapabilities': {
            '@odata.type': (
                '#CollectionCapabilities.v1_4_0.CollectionCapabilities'
            ),
            'Capabilities': [
                {
                    'UseCase': use_case,
                    'CapabilitiesObject': common.link(path),
                    'Links': links,
                }
                for way, use_case, path in _USE_CASES
                if way in pod.personality.compositions
            ],
        }
    }


def specific(pod: pods.Pod) -> common.Json:
    """Return what a request that names its blocks can have."""
    return {
        **_common(SPECIFIC, 'Capabilities'),
        'Links@Redfish.RequiredOnCreate': True,
        'Links': {
            'ResourceBlocks@Redfish.RequiredOnCreate': True,
            'ResourceBlocks@Redfish.UpdatableAfterCreate': True,
        },
    }


def constrained(pod: pods.Pod) -> common.Json:
    """Return what a request that leaves the choice to the service can have."""
    document = {
        **_common(CONSTRAINED, 'ConstrainedCompositionCapabilities'),
        f'{choosing.AFFINITY}@Redfish.OptionalOnCreate': True,
    }
    for section in constraints.SECTIONS:
        document[_needed(section.name, section.required)] = True
        document[section.name] = _section(section)
    return document


def _needed(name: str, required: bool) -> str:
    word = 'Required' if required else 'Optional'
    return f'{name}@Redfish.{word}OnCreate'


def _section(section: constraints.Section) -> common.Json:
    counted = {'@Redfish.RequestedCountRequired': True}
    member: common.Json = {
        **counted,
        **{
            _needed(each.name, each.required): True
            for each in section.qualities
        },
    }
    if section.inner is not None:
        member = {
            **counted,
            _needed(section.inner, True): True,
            section.inner: [member],
        }
    return {_needed('Members', True): True, 'Members': [member]}


def _common(path: str, own_id: str) -> common.Json:
    return {
        **common.header(
            path,
            'ComputerSystem.v1_20_0.ComputerSystem',
            own_id,
            'Capabilities of the systems',
        ),
        'Name@Redfish.RequiredOnCreate': True,
        'Name@Redfish.SetOnlyOnCreate': True,
        'Description@Redfish.OptionalOnCreate': True,
        'Description@Redfish.SetOnlyOnCreate': True,
        'PowerState@Redfish.OptionalOnCreate': True,
        'PowerState@Redfish.AllowableValues': shapes.POWER_STATES,
        'Boot@Redfish.OptionalOnCreate': True,
        'Boot': dict(_boot()),
        '@Redfish.ResourceBlockLimits': dict(_limits()),
    }


def _boot() -> typing.Iterator[tuple[str, typing.Any]]:
    for name, values in BOOT.items():
        yield f'{name}@Redfish.OptionalOnCreate', True
        yield f'{name}@Redfish.UpdatableAfterCreate', True
        yield f'{name}@Redfish.AllowableValues', values


def _limits() -> typing.Iterator[tuple[str, int]]:
    for kind, (least, most) in blocks.LIMITS.items():
        if least:
            yield f'Min{kind}', least
        yield f'Max{kind}', most
