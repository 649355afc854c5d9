"""The service root and what describes the service itself."""

from collections.abc import Mapping

from valence.simulator import layout as layouts
from valence.simulator import personality as personalities
from valence.simulator import pod as pods
from valence.simulator.documents import common, events

ROOT = layouts.ROOT

METADATA = b"""<?xml version="1.0" encoding="UTF-8"?>
<edmx:Edmx xmlns:edmx="http://docs.oasis-open.org/odata/ns/edmx" \
Version="4.0">
  <edmx:DataServices>
    <Schema xmlns="http://docs.oasis-open.org/odata/ns/edm" \
Namespace="Service">
      <EntityContainer Name="Service" \
Extends="ServiceRoot.v1_1_1.ServiceContainer"/>
    </Schema>
  </edmx:DataServices>
</edmx:Edmx>
"""


def versions(pod: pods.Pod) -> common.Json:
    """Return what /redfish tells."""
    return {'v1': f'{ROOT}/'}


def odata(pod: pods.Pod) -> common.Json:
    """Return the OData service document."""
    names = ['Systems', 'Chassis', 'Managers']
    if pod.personality.composes:
        names.append('Nodes')
    return {
        '@odata.context': f'{ROOT}/$metadata',
        'value': [
            {'name': name, 'kind': 'Singleton', 'url': f'{ROOT}/{name}'}
            for name in names
        ],
    }


def service_root(pod: pods.Pod) -> common.Json:
    """Return the service root."""
    kind = pod.personality
    document = {
        **common.header(
            ROOT, 'ServiceRoot.v1_3_0.ServiceRoot', 'RootService', kind.product
        ),
        'RedfishVersion': kind.redfish_version,
        'UUID': pod.layout.uuid,
        **_linked(_services(pod)),
        'Links': {},
    }
    if kind.expand is not None:
        document['ProtocolFeaturesSupported'] = _features(kind.expand)
    if kind.has_sessions:
        document['Links'] = _linked({'Sessions': 'SessionService/Sessions'})
    if kind.composes:
        extension: common.Json = {
            '@odata.type': '#Intel.Oem.ServiceRoot',
            'ApiVersion': kind.api_version,
        }
        holder = extension if kind.links_in_oem else document
        holder.update(_linked(_additions(kind)))
        document['Oem'] = {'Intel_RackScale': extension}
    return document


def _linked(paths: Mapping[str, str]) -> common.Json:
    return {
        name: common.link(f'{ROOT}/{path}') for name, path in paths.items()
    }


def _services(pod: pods.Pod) -> dict[str, str]:
    kind = pod.personality
    found = {name: name for name in ('Systems', 'Chassis', 'Managers')}
    if kind.has_sessions:
        found['SessionService'] = 'SessionService'
    if kind.has_accounts:
        found['AccountService'] = 'AccountService'
    if events.offered(pod):
        found['EventService'] = 'EventService'
    if kind.has_tasks:
        found['Tasks'] = 'TaskService'
    if kind.compositions:
        found['CompositionService'] = 'CompositionService'
    if kind.storage is not None and kind.storage.is_swordfish:
        found['StorageServices'] = 'StorageServices'
    return found


def _additions(kind: personalities.Personality) -> dict[str, str]:
    found = {name: name for name in ('Nodes', 'EthernetSwitches')}
    if kind.storage is not None and not kind.storage.is_swordfish:
        found['Services'] = 'Services'
    return found


def _features(expand: personalities.Expand) -> common.Json:
    return {
        'ExpandQuery': {
            'ExpandAll': '*' in expand.marks,
            'Levels': True,
            'Links': '~' in expand.marks,
            'MaxLevels': expand.max_levels,
            'NoLinks': '.' in expand.marks,
        },
        'FilterQuery': False,
        'SelectQuery': False,
    }
