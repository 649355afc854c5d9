"""What is asked for: the same bodies for both stacks."""

from typing import Any

from bench import load

_NUMBER = 'NNNNNNNN'


def compose(name: str, podm: str | None) -> dict[str, Any]:
    """Give the body of a composition."""
    return {
        'name': name,
        'description': 'A node of the benchmark',
        **({} if podm is None else {'podm_id': podm}),
        'properties': {
            'processor': {'total_cores': 2},
            'memory': {'capacity_mib': 1024, 'type': 'DDR4'},
            'local_drive': {'capacity_gib': 10},
        },
    }


def flavor(name: str) -> dict[str, Any]:
    return {
        'name': name,
        'description': 'A flavor of the benchmark',
        'properties': compose(name, None)['properties'],
    }


class Compositions:
    """The requests of compositions, at the price of one replacement each.

    :param podms: uuids of pod managers, taken in turn; None leaves the
        choice to the scheduler.
    """

    def __init__(self, prefix: str, *podms: str | None) -> None:
        self._templates = [
            load.request(
                'POST', '/v1/nodes', compose(f'{prefix}-{_NUMBER}', podm)
            )
            for podm in podms
        ]

    def __call__(self, number: int) -> bytes:
        template = self._templates[number % len(self._templates)]
        return template.replace(_NUMBER.encode(), f'{number:08}'.encode(), 1)


class Again:
    """The same request again and again."""

    def __init__(self, path: str) -> None:
        self._request = load.request('GET', path)

    def __call__(self, number: int) -> bytes:
        return self._request
