"""Choose the system for a composed node.

One filter after another narrows the free systems down, and a refusal
tells how many each one left, in the words of the Intel pod manager.
Chooses only; the pod does the reserving.

A filter is made for a request, and is None when the request does not
ask for what it looks at.
"""

import typing
from collections.abc import Callable, Iterable, Mapping

from valence.simulator import candidates, errors
from valence.simulator import layout as layouts

Request = Mapping[str, typing.Any]
Accepts = Callable[[candidates.Candidate], bool]
Filter = Callable[[Request], Accepts | None]

_SECTIONS = (
    'Processors',
    'Memory',
    'LocalDrives',
    'RemoteDrives',
    'EthernetInterfaces',
)


def find_system(
    layout: layouts.Layout, free: Iterable[int], request: Request
) -> int:
    """Return the index of the first free system that meets the request.

    :raises RedfishError: 409, when there is none
    """
    systems = [candidates.Candidate(layout, index) for index in free]
    steps = [(name, filter_for(request)) for name, filter_for in FILTERS]
    for each in systems:
        if all(accepts is None or accepts(each) for _, accepts in steps):
            return each.index
    raise _refusal(systems, steps)


def _refusal(
    left: list[candidates.Candidate],
    steps: Iterable[tuple[str, Accepts | None]],
) -> errors.RedfishError:
    counts = [f'available: {len(left)}']
    for name, accepts in steps:
        if accepts is not None:
            left = [each for each in left if accepts(each)]
        counts.append(f'{name}: {len(left)}')
    return errors.conflict(
        'Conflict during allocation',
        'There are no computer systems available for this allocation request.',
        'Available assets count after applying filters: '
        f'[{" -> ".join(counts)}]',
    )


def _wants(request: Request, section: str) -> list[candidates.Want]:
    return request.get(section) or []


def _links(request: Request, name: str) -> set[str]:
    found = set()
    for section in _SECTIONS:
        for want in _wants(request, section):
            link = (want.get(name) or {}).get('@odata.id')
            if link is not None:
                found.add(link.rstrip('/'))
    return found


def _nothing(each: candidates.Candidate) -> bool:
    return False


def _status(request: Request) -> Accepts | None:
    # All simulated systems are well.
    return None


def _resource(request: Request) -> Accepts | None:
    pins = _links(request, 'Resource')
    return (lambda each: pins <= each.resources) if pins else None


def _chassis(request: Request) -> Accepts | None:
    places = _links(request, 'Chassis')
    return (lambda each: places <= each.chassis) if places else None


def _processors(request: Request) -> Accepts | None:
    wants = _wants(request, 'Processors')
    return (lambda each: each.has_processors(wants)) if wants else None


def _memory(request: Request) -> Accepts | None:
    wants = _wants(request, 'Memory')
    return (lambda each: each.has_memory(wants)) if wants else None


def _local_drives(request: Request) -> Accepts | None:
    wants = _wants(request, 'LocalDrives')
    return (lambda each: each.has_drives(wants)) if wants else None


def _remote_drives(request: Request) -> Accepts | None:
    # Volumes come to a node by being attached, never by an allocation.
    return _nothing if _wants(request, 'RemoteDrives') else None


def _interfaces(request: Request) -> Accepts | None:
    wants = _wants(request, 'EthernetInterfaces')
    return (lambda each: each.has_interfaces(wants)) if wants else None


def _security(request: Request) -> Accepts | None:
    # Each system has a TPM 2.0, and none has TXT enabled.
    security = request.get('Security') or {}
    met = (
        security.get('TPMPresent') is not False
        and security.get('TPMInterfaceType') in (None, 'TPM2_0')
        and not security.get('TXTEnabled')
    )
    return None if met else _nothing


def _total_cores(request: Request) -> Accepts | None:
    least = request.get('TotalSystemCoreCount')
    return (lambda each: each.profile.cores >= least) if least else None


def _total_memory(request: Request) -> Accepts | None:
    least = request.get('TotalSystemMemoryMiB')
    return (lambda each: each.profile.memory_mib >= least) if least else None


FILTERS: tuple[tuple[str, Filter], ...] = (
    ('status', _status),
    ('resource', _resource),
    ('chassis', _chassis),
    ('processors', _processors),
    ('memory', _memory),
    ('local drives', _local_drives),
    ('remote drives', _remote_drives),
    ('ethernet interfaces', _interfaces),
    ('security', _security),
    ('total core count', _total_cores),
    ('total memory', _total_memory),
)
