"""The service root and what describes the service itself."""

from valence.simulator import layout as layouts
from valence.simulator import pod as pods
from valence.simulator.documents import common

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
        'Systems': common.link(f'{ROOT}/Systems'),
        'Chassis': common.link(f'{ROOT}/Chassis'),
        'Managers': common.link(f'{ROOT}/Managers'),
        'SessionService': common.link(f'{ROOT}/SessionService'),
        'ProtocolFeaturesSupported': {
            'ExpandQuery': {
                'ExpandAll': True,
                'Levels': True,
                'Links': False,
                'MaxLevels': 1,
                'NoLinks': True,
            },
            'FilterQuery': False,
            'SelectQuery': False,
        },
        'Links': {'Sessions': common.link(f'{ROOT}/SessionService/Sessions')},
    }
    if kind.has_tasks:
        document['Tasks'] = common.link(f'{ROOT}/TaskService')
    if kind.composes:
        nodes = {'Nodes': common.link(f'{ROOT}/Nodes')}
        extension: common.Json = {
            '@odata.type': '#Intel.Oem.ServiceRoot',
            'ApiVersion': kind.api_version,
        }
        if kind.nodes_in_oem:
            extension.update(nodes)
        else:
            document.update(nodes)
        document['Oem'] = {'Intel_RackScale': extension}
    return document
