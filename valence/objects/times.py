"""Points in time: microseconds since 1970 in UTC, by the database's clock."""

import datetime
import functools

_EPOCH = datetime.datetime(1970, 1, 1, tzinfo=datetime.UTC)


def show(microseconds: int | None) -> str | None:
    """Give a time as the API shows it, ``YYYY-MM-DD HH:MM:SS UTC``."""
    if microseconds is None:
        return None
    return _show(microseconds // 1_000_000)


@functools.lru_cache(maxsize=4096)
def _show(seconds: int) -> str:
    # Rows of one list share their seconds, so this costs a look-up.
    moment = _EPOCH + datetime.timedelta(seconds=seconds)
    return moment.strftime('%Y-%m-%d %H:%M:%S UTC')
