"""The API for a worker process of ``valence-api``, which dies with it."""

from valence.common import service
from valence.wsgi.api import application

__all__ = ['application']

service.die_with_parent()
