"""Lets a process live with a wrong clock; see tests/chaos/test_clock.py.

libfaketime 0.9.10 breaks what time.sleep calls, clock_nanosleep until a
monotonic time: select sleeps as well, and is left alone. Eventlet is blocked
too, as in the other sitecustomize, which this one takes the place of.
"""

import select
import sys
import time

sys.modules['eventlet'] = None  # type: ignore[assignment]


def _sleep(seconds: float) -> None:
    select.select([], [], [], seconds)


time.sleep = _sleep
