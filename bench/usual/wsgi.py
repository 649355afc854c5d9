"""The API for a WSGI server: ``bench.usual.wsgi:application``."""

import valence  # noqa: F401  isort: skip - the backend of oslo.service
from bench.usual import config
from bench.usual.api.app import make_application

config.configure('usual-api')
application = make_application()
