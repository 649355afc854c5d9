"""Systems of plain Redfish: read, power and boot."""

from valence.objects import hardware
from valence.podm import base
from valence.podm.redfish import actions, monitors, parse, totals
from valence.podm.redfish.places import Places
from valence.podm.redfish.service import Service

RESET = '#ComputerSystem.Reset'


class SystemsCompute(base.Compute):
    """Compute without composition."""

    def __init__(self, service: Service) -> None:
        self._service = service

    def get_system(self, url: str) -> hardware.System:
        return read_system(
            self._service,
            self._service.get(url),
            Places(self._service),
            detail=True,
        )

    def reset_system(
        self, url: str, reset_type: str
    ) -> hardware.Pending | None:
        return self._reset(self._service.get(url), reset_type, RESET)

    def set_system_boot(
        self, url: str, boot: hardware.BootOverride
    ) -> hardware.Pending | None:
        document = self._service.get(url)
        change = actions.boot_change(document, boot)
        return self._change('PATCH', url, change)

    def _reset(
        self, document: parse.Document, reset_type: str, name: str
    ) -> hardware.Pending | None:
        action = actions.find(document, name)
        parse.check_allowed(action, 'ResetType', reset_type)
        return self._act(action, name, {'ResetType': reset_type})

    def _act(
        self, action: parse.Document, name: str, body: object = None
    ) -> hardware.Pending | None:
        with actions.advertised(action, name):
            return self._change('POST', action.target('target'), body)

    def _change(
        self, method: str, path: str, body: object = None
    ) -> hardware.Pending | None:
        client = self._service.client
        return monitors.pending(client, client.send(method, path, body))


def read_system(
    service: Service,
    document: parse.Document,
    places: Places,
    *,
    detail: bool = False,
) -> hardware.System:
    """Give a system with its totals and its place."""
    processors = totals.processors(service, document, detail=detail)
    return hardware.System(
        url=document.url(),
        id=document.identity(),
        name=document.text('Name'),
        description=document.text('Description'),
        system_uuid=document.text('UUID'),
        health=document.text('Status', 'Health'),
        power_state=document.text('PowerState'),
        architecture=processors.architecture,
        processor_model=processors.model,
        cores=processors.cores,
        ram_gib=document.number('MemorySummary', 'TotalSystemMemoryGiB'),
        storage_gib=totals.storage_gib(service, document),
        interfaces=totals.interfaces(service, document),
        location=places.around(document),
        boot=actions.boot(document),
        reset_types=actions.reset_types(document, RESET),
        boot_targets=actions.boot_targets(document),
        raw=document.raw,
    )
