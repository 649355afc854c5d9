"""The parts that all documents share."""

import typing
from collections.abc import Iterable

Json = dict[str, typing.Any]

OK: Json = {'State': 'Enabled', 'Health': 'OK'}
HEALTHY: Json = {'State': 'Enabled', 'Health': 'OK', 'HealthRollup': 'OK'}


def link(path: str) -> Json:
    """Return a reference to a resource."""
    return {'@odata.id': path}


def links(paths: Iterable[str]) -> list[Json]:
    """Return references to resources."""
    return [{'@odata.id': path} for path in paths]


def header(path: str, odata_type: str, own_id: str, name: str) -> Json:
    """Return what each resource begins with.

    :param odata_type: such as ``Chassis.v1_3_0.Chassis``
    """
    kind = odata_type.rpartition('.')[2]
    return {
        '@odata.context': f'/redfish/v1/$metadata#{kind}.{kind}',
        '@odata.id': path,
        '@odata.type': f'#{odata_type}',
        'Id': own_id,
        'Name': name,
    }


def collection(
    path: str, kind: str, name: str, members: Iterable[str]
) -> Json:
    """Return a collection; ``kind`` is such as ``ChassisCollection``."""
    references = links(members)
    return {
        '@odata.context': f'/redfish/v1/$metadata#{kind}.{kind}',
        '@odata.id': path,
        '@odata.type': f'#{kind}.{kind}',
        'Name': name,
        'Members@odata.count': len(references),
        'Members': references,
    }
