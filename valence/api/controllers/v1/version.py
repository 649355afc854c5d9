"""The version document of v1."""

from typing import Any


def version(url: str) -> dict[str, Any]:
    """Give what version discovery says of v1, which is at ``url``."""
    return {
        'id': 'v1',
        'status': 'CURRENT',
        'min_version': '',
        'links': [{'href': f'{url}/', 'rel': 'self'}],
    }
