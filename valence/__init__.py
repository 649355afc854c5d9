"""Valence: rack-scale hardware management for OpenStack.

The one effect of this file is the choice of oslo.service's threading
backend, which has to happen before anything imports oslo.messaging: that
import would freeze the eventlet backend otherwise.
"""

from oslo_service import backend

backend.init_backend(backend.BackendType.THREADING)
