"""Modes that change what handlers do; these look at their values."""

import typing

from valence.simulator.modes import base, values


class Assembly(base.Mode):
    """``fail``: assembling ends in Failed.  The assembly looks at it."""

    name = 'assembly'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the word."""
        if value != 'fail':
            raise ValueError('assembly must be "fail" or null.')
        return value


class Sessions(base.Mode):
    """How many sessions there may be, and how many requests each has."""

    name = 'sessions'

    _FIELDS: typing.ClassVar[values.Fields] = {
        'limit': (values.limit, None),
        'requests': (values.limit, None),
    }

    def parse(self, value: typing.Any) -> typing.Any:
        """Return all fields."""
        return values.fields(self.name, value, self._FIELDS)


class Events(base.Mode):
    """How events can be had.  The documents of the service look at it."""

    name = 'events'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return the word."""
        return values.word('none', 'push', 'sse', 'both')(self.name, value)


class Accept(base.Mode):
    """Operations are accepted, and happen later, as Redfish tasks.

    ``monitor`` tells how the monitor of such a task behaves: as it should,
    or in one of the ways that were seen in the field.
    """

    name = 'accept'

    _FIELDS: typing.ClassVar[values.Fields] = {
        'share': (values.chance, 1),
        'ms': (values.span, 1000),
        'monitor': (
            values.word(
                'usual',
                'gone',
                'gone410',
                'early',
                'lingers',
                'bare',
                'fails',
            ),
            'usual',
        ),
        'retry_after': (values.retry_after, 1),
    }

    def parse(self, value: typing.Any) -> typing.Any:
        """Return all fields."""
        return values.fields(self.name, value, self._FIELDS)
