"""Spreads the syncs of many pod managers over time, without a leader.

A sync that came when it was due keeps its place among the others, more or
less. One that did not gets a new place by chance, anywhere in a span as long
as the interval: the first one of each pod manager, one that was asked for,
and all those that came at once because nobody was there to do them. So what
began together does not come together again.
"""

from valence.common.periodic import vary

#: Share of the interval by which a sync that is on time may be late.
_LATE = 0.1
#: Share of the interval by which the next one moves: either way, half of it.
_ANYWHERE = 0.5


def next_in(lateness: float | None, interval: float) -> float:
    """Give the seconds until the next sync; more or less, for a caller who
    varies it further.

    :param lateness: seconds since when this one was due, negative if it was
        not; None if no time was set.
    """
    if lateness is not None and 0 <= lateness <= interval * _LATE:
        return interval
    return vary(interval, _ANYWHERE)
