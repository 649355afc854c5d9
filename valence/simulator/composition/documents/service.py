"""The service itself, its zones, pools and reservations."""

import datetime
from collections.abc import Iterable

from valence.simulator import personality as personalities
from valence.simulator import pod as pods
from valence.simulator.composition import blocks, reservations
from valence.simulator.composition.documents import capabilities
from valence.simulator.documents import common

PATH = blocks.SERVICE
ZONES = f'{PATH}/ResourceZones'
FREE_POOL = f'{PATH}/FreePool'
ACTIVE_POOL = f'{PATH}/ActivePool'
COMPOSE = f'{PATH}/Actions/CompositionService.Compose'


def service(pod: pods.Pod) -> common.Json:
    """Return the composition service."""
    compositions = pod.personality.compositions
    constrained = personalities.CONSTRAINED in compositions
    document = {
        **common.header(
            PATH,
            'CompositionService.v1_2_3.CompositionService',
            'CompositionService',
            'Composition Service',
        ),
        'ServiceEnabled': True,
        'AllowOverprovisioning': constrained,
        'AllowZoneAffinity': constrained,
        'ReservationDuration': _duration(pod),
        'Status': common.HEALTHY,
        'ResourceBlocks': common.link(blocks.PATH),
        'ResourceZones': common.link(ZONES),
        'FreePool': common.link(FREE_POOL),
        'ActivePool': common.link(ACTIVE_POOL),
    }
    if pod.personality.takes_manifests:
        document['CompositionReservations'] = common.link(reservations.PATH)
        document['Actions'] = {
            '#CompositionService.Compose': {'target': COMPOSE}
        }
    return document


def _duration(pod: pods.Pod) -> str:
    seconds = pod.composition.reservation_seconds()
    hours = seconds / 3600
    return f'PT{int(hours)}H' if hours == int(hours) else f'PT{seconds:g}S'


def zones(pod: pods.Pod) -> common.Json:
    """Return the zones."""
    return common.collection(
        ZONES,
        'ZoneCollection',
        'Resource Zone Collection',
        map(zone_path, blocks.ZONES),
    )


def zone_path(number: int) -> str:
    """Return the path of a zone."""
    return f'{ZONES}/{number}'


def zone(pod: pods.Pod, number: int) -> common.Json:
    """Return a zone: blocks that can be composed with each other."""
    path = zone_path(number)
    return {
        **common.header(
            path, 'Zone.v1_6_1.Zone', str(number), f'Resource Zone {number}'
        ),
        'ZoneType': 'ZoneOfResourceBlocks',
        'Status': common.OK,
        'Links': {
            'ResourceBlocks': common.links(
                each.path for each in blocks.in_zone(pod.layout, number)
            )
        },
        **capabilities.annotation(pod, path),
    }


def free_pool(pod: pods.Pod) -> common.Json:
    """Return the blocks that are in no system."""
    return _pool(
        FREE_POOL,
        'Free Pool',
        (
            each
            for each in blocks.every(pod.layout)
            if pod.composition.system_on(each) is None
        ),
    )


def active_pool(pod: pods.Pod) -> common.Json:
    """Return the blocks that are in systems."""
    return _pool(
        ACTIVE_POOL,
        'Active Pool',
        (
            each
            for each in blocks.every(pod.layout)
            if pod.composition.system_on(each) is not None
        ),
    )


def _pool(
    path: str, name: str, members: Iterable[blocks.Block]
) -> common.Json:
    paths = (each.path for each in members)
    return common.collection(path, 'ResourceBlockCollection', name, paths)


def reservation_collection(pod: pods.Pod) -> common.Json:
    """Return the reservations that have not expired."""
    return common.collection(
        reservations.PATH,
        'CompositionReservationCollection',
        'Composition Reservation Collection',
        (each.path for each in pod.composition.reservations.all()),
    )


def reservation(one: reservations.Reservation) -> common.Json:
    """Return a reservation."""
    moment = datetime.datetime.fromtimestamp(one.made, datetime.UTC)
    return {
        **common.header(
            one.path,
            'CompositionReservation.v1_0_2.CompositionReservation',
            one.id,
            f'Composition Reservation {one.id}',
        ),
        'ReservationTime': moment.isoformat(timespec='seconds'),
        'Client': None,
        'ReservedResourceBlocks': common.links(
            each.path for each in one.blocks
        ),
        'Manifest': one.manifest,
    }
