"""A scripted pod manager that composes systems of resource blocks."""

from tests.unit.podm import connected, scripted
from tests.unit.podm.connected import ROOT, SYSTEMS, collection, link
from tests.unit.podm.redfish import allocations

SERVICE = '/redfish/v1/CompositionService'
BLOCKS = f'{SERVICE}/ResourceBlocks'
ZONES = f'{SERVICE}/ResourceZones'
COMPOSE = f'{SERVICE}/Actions/CompositionService.Compose'
CAPABILITIES = f'{SYSTEMS}/Capabilities'
NODE = f'{SYSTEMS}/made'

SPECIFIC = 'ComputerSystemComposition'
CONSTRAINED = 'ComputerSystemConstrainedComposition'
GIB = 1024**3


def path_of(name):
    return f'{BLOCKS}/{name}'


def refusal(status, *codes):
    """Give an error as the registry Composition has them."""
    infos = [
        {'MessageId': f'Composition.1.1.0.{code}', 'Message': f'Says {code}.'}
        for code in codes
    ]
    return scripted.Reply(
        status,
        {
            'error': {
                'code': 'Base.1.8.GeneralError',
                'message': 'It cannot be composed.',
                '@Message.ExtendedInfo': infos,
            }
        },
    )


class ComposingPod(connected.ScriptedPod):
    """Without blocks at first; a POST to Systems is answered by 201."""

    def _setUp(self):
        super()._setUp()
        self.get(
            ROOT,
            {
                'RedfishVersion': '1.17.0',
                'Systems': link(SYSTEMS),
                'CompositionService': link(SERVICE),
            },
        )
        self.blocks = {}
        self.zones = {}
        self.service(ServiceEnabled=True)
        self.get(BLOCKS, collection())
        self.get(ZONES, collection())
        made = scripted.Reply(201, b'', {'Location': NODE})
        self.script['POST', SYSTEMS] = made

    @property
    def compute(self):
        return self.connection.compute

    def service(self, **properties):
        self.get(
            SERVICE,
            {
                'ResourceBlocks': link(BLOCKS),
                'ResourceZones': link(ZONES),
                **properties,
            },
        )

    def take_manifests(self):
        action = {'#CompositionService.Compose': {'target': COMPOSE}}
        self.service(Actions=action)

    def capabilities(self, use, document, members=()):
        """Tell on the collection of systems what may be sent."""
        offered = [{'UseCase': use, 'CapabilitiesObject': link(CAPABILITIES)}]
        told = {'Capabilities': offered}
        self.get(
            SYSTEMS,
            {
                **collection(*members),
                '@Redfish.CollectionCapabilities': told,
            },
        )
        self.get(CAPABILITIES, document)

    def block(self, name, *kinds, **properties):
        """Add a free block; properties replace those that it has."""
        path = path_of(name)
        self.blocks[path] = {
            '@odata.id': path,
            'Id': name,
            'ResourceBlockType': list(kinds),
            'CompositionStatus': {
                'CompositionState': 'Unused',
                'Reserved': False,
            },
            **properties,
        }
        self._show(path)
        self.get(BLOCKS, collection(*self.blocks))
        return path

    def computing(self, name, cores=8, mib=1024, **properties):
        """Add a block with one processor and one module."""
        parts = {
            'Processors': self.part(name, 'Processors', TotalCores=cores),
            'Memory': self.part(name, 'Memory', CapacityMiB=mib),
        }
        return self.block(name, 'Compute', **{**parts, **properties})

    def storing(self, name, gib=100, media='SSD'):
        """Add a block with one drive."""
        size = gib * GIB
        drives = self.part(name, 'Drives', CapacityBytes=size, MediaType=media)
        return self.block(name, 'Storage', Drives=drives)

    def networking(self, name, mbps=1000):
        """Add a block with one interface."""
        found = self.part(name, 'EthernetInterfaces', SpeedMbps=mbps)
        return self.block(name, 'Network', EthernetInterfaces=found)

    def part(self, name, kind, **properties):
        """Add a part of a block; give the links to it."""
        path = f'{path_of(name)}/{kind}/1'
        self.get(path, properties)
        return [link(path)]

    def change(self, name, **properties):
        path = path_of(name)
        self.blocks[path] = {**self.blocks[path], **properties}
        self._show(path)

    def status(self, name, **properties):
        told = self.blocks[path_of(name)]['CompositionStatus']
        self.change(name, CompositionStatus={**told, **properties})

    def _show(self, path):
        document = self.blocks[path]
        headers = {'ETag': self.etag(path)} if 'Client' in document else {}
        self.script['GET', path] = scripted.Reply(200, document, headers)

    def etag(self, path):
        """Give the weak ETag of a block, which follows from what it is."""
        document = self.blocks[path]
        state = document['CompositionStatus'].get('Reserved')
        return f'W/"{document["Client"]}-{state}"'

    def reservable(self, *names):
        """Let blocks be reserved by who says for whom, and what it saw."""
        for name in names:
            self.change(name, Client=None)
            self.script['PATCH', path_of(name)] = self._patch

    def _patch(self, handler, request):
        if request.headers.get('If-Match') != self.etag(request.path):
            return scripted.Reply(412)(handler, request)
        name = request.path.rpartition('/')[2]
        body = request.document
        self.status(name, **body.get('CompositionStatus', {}))
        self.change(name, Client=body.get('Client'))
        return scripted.Reply(204, b'')(handler, request)

    def zone(self, name, *links):
        """Add a zone with links to blocks."""
        path = f'{ZONES}/{name}'
        blocks = [link(each) for each in links]
        self.get(path, {'Links': {'ResourceBlocks': blocks}})
        self.zones[path] = None
        self.get(ZONES, collection(*self.zones))
        return path

    def allocate(self, tag=allocations.TAG, **properties):
        wanted = allocations.wants(**properties)
        return allocations.allocate(self.compute, wanted, tag)

    def bodies(self, method, path=SYSTEMS):
        """Give what was sent to a path."""
        return [
            each.document
            for each in self.requests
            if (each.method, each.path) == (method, path)
        ]

    def chosen(self):
        """Give the names of the blocks of each request for a system."""
        return [
            [
                each['@odata.id'].rpartition('/')[2]
                for each in body['Links']['ResourceBlocks']
            ]
            for body in self.bodies('POST')
        ]
