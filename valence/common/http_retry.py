"""When a request is made again. Only what changes nothing may be."""

import logging
import random
import time
from collections.abc import Callable

from valence.common import http_deadline
from valence.common.http_answer import Answer
from valence.common.http_failure import Lost

LOG = logging.getLogger(__name__)

_TRY_AGAIN = frozenset({429, 502, 503, 504})


def repeated(attempt: Callable[[], Answer], *, most: int) -> Answer:
    """Make a request, and make it again if that promises something.

    Between two attempts there are the seconds that the server asks for, or
    some, by chance: many that were turned away must not come back at once.

    :param most: repetitions.
    :raises Lost: if the last attempt had no answer.
    :raises TimeoutError: if there is no time left.
    """
    repeat = 0
    while True:
        pause = random.uniform(0.05, 0.2) * 4**repeat  # noqa: S311
        try:
            answer = attempt()
            if repeat == most or answer.status not in _TRY_AGAIN:
                return answer
            pause = answer.retry_after(pause)
            if pause >= http_deadline.remaining():
                return answer
        except Lost as lost:
            if repeat == most or pause >= http_deadline.remaining():
                raise
            LOG.debug('Again in %.1f s: %s', pause, lost)
        time.sleep(pause)
        repeat += 1
