"""What oslo.messaging logs of RabbitMQ: said once, and what to do.

It logs two errors with each try to reach the broker, every second and on
every connection, for as long as that lasts. Nothing is lost meanwhile, so one
warning is enough; and one error where somebody has to do something.
"""

import logging
import re
import threading
import time
from collections.abc import Callable

#: Where oslo.log puts the logger of oslo_messaging's driver.
DRIVER = 'oslo.messaging._drivers.impl_rabbit'
#: What listens, and what repeats that for ever: both tell why, at length.
LISTENERS = ('oslo_messaging._drivers.amqpdriver', 'oslo_utils.excutils')
#: Seconds after which the same is said again.
_AGAIN = 600

_AWAY = 'RabbitMQ is not usable, and is tried until it is: %s'
#: What the broker says, and what is to be done.
_CAUSES = (
    (
        re.compile(r"NOT_ALLOWED - (?:access to )?vhost '?(?P<name>[^\s']+)"),
        'RabbitMQ has no vhost %(name)s for the user of transport_url: add it '
        '(rabbitmqctl add_vhost) with permissions (set_permissions), or '
        'correct transport_url. Tasks go on without it, but slower.',
    ),
    (
        re.compile(
            r"inequivalent arg '(?P<arg>[^']+)' for "
            r"(?P<kind>\w+) '(?P<name>[^']+)'"
        ),
        'RabbitMQ has the %(kind)s %(name)s, but with another %(arg)s than is '
        'configured: stop all services, delete it (rabbitmqctl delete_queue), '
        'and start them; or undo the change in [oslo_messaging_rabbit].',
    ),
    (
        re.compile(r'ACCESS_REFUSED - (?P<reason>.*?)\.?(?:: |$)'),
        'RabbitMQ refuses the user of transport_url (%(reason)s): correct the '
        'password there or in RabbitMQ.',
    ),
)


class Once(logging.Filter):
    """Lets each trouble through once, in our words. Thread-safe.

    :param failure: by which the listeners hear of it.
    :param again: seconds after which it is let through again.
    """

    def __init__(
        self,
        failure: type[Exception],
        again: float = _AGAIN,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        super().__init__()
        self._failure = failure
        self._again = again
        self._clock = clock
        self._said_at: dict[str, float] = {}
        self._lock = threading.Lock()

    def filter(self, record: logging.LogRecord) -> bool:
        text = record.getMessage()
        error = record.exc_info[1] if record.exc_info else None
        if record.name in LISTENERS:
            if not isinstance(error, self._failure):
                return True
            text = str(error)
        if record.levelno < logging.ERROR:
            if 'Reconnected' in text:
                self._forget(_AWAY)
            return True
        level, words = _understood(text)
        key = _AWAY if level == logging.WARNING else words
        if not self._is_new(key):
            return False
        record.msg, record.args, record.exc_info = words, (), None
        record.levelno, record.levelname = level, logging.getLevelName(level)
        return True

    def _is_new(self, key: str) -> bool:
        now = self._clock()
        with self._lock:
            said_at = self._said_at.get(key)
            if said_at is not None and now - said_at < self._again:
                return False
            self._said_at[key] = now
        return True

    def _forget(self, key: str) -> None:
        with self._lock:
            self._said_at.pop(key, None)


def install(failure: type[Exception]) -> None:
    """Say it once in this process; idempotent.

    :param failure: as of :class:`Once`.
    """
    loggers = [logging.getLogger(name) for name in (DRIVER, *LISTENERS)]
    if not any(isinstance(each, Once) for each in loggers[0].filters):
        once = Once(failure)
        for logger in loggers:
            logger.addFilter(once)


def _understood(text: str) -> tuple[int, str]:
    """Give the level, and what to say instead."""
    for pattern, words in _CAUSES:
        if found := pattern.search(text):
            return logging.ERROR, words % found.groupdict()
    return logging.WARNING, _AWAY % text
