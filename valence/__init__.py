"""Valence: rack-scale hardware management for OpenStack.

The one effect of this file is the choice of oslo.service's threading
backend, which has to happen before anything imports oslo.messaging: that
import would freeze the eventlet backend otherwise.
"""

import warnings

from oslo_service import backend

with warnings.catch_warnings():
    # It is looked for on the way, and complains of being there.
    warnings.filterwarnings('ignore', r'\s*Eventlet is deprecated')
    backend.init_backend(backend.BackendType.THREADING)
