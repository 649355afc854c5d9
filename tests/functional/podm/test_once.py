"""What changes something is sent once, whatever comes back.

Each change is asked for once, and strikes a fault of the pod manager; what
counts is what arrives there. Just one kind may arrive again: what was turned
away because a session had ended (401), after a login. It was not let in.

Anything but a POST may be decided on anew, and then look the same: after the
pod manager has answered that it has not done it (4xx), or once something else
was done to the same resource. A POST may not even then.
"""

import contextlib
import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

import fixtures
import testtools

from tests.functional.podm import changes, counted
from tests.unit.podm import connected
from valence.common import exception, http_client, http_retry
from valence.objects import hardware
from valence.podm import base
from valence.simulator.modes import deviations

_PATIENT = http_client.Limits(timeout=10, change_timeout=10)
#: For those that never answer, or not in time.
_HASTY = dataclasses.replace(_PATIENT, timeout=1, change_timeout=0.3)
_LATE = 5_000

Modes = Mapping[str, Any]

#: Faults that a change meets when it is sent.
FAULTS: Mapping[str, Modes] = {
    'acted_and_dropped': {'drop': 1},
    'dropped': {'away': True},
    'reset': {'dead': True},
    **{
        f'status_{status}': {'status': status}
        for status in (
            *(400, 401, 403, 404, 405, 409, 410, 412, 429),
            *(500, 501, 502, 503, 504),
        )
    },
    **{
        f'burst_{status}_{after}': {
            'burst': {'statuses': [status], 'retry_after': after}
        }
        for status in (401, 429, 500, 502, 503)
        for after in (None, 0)
    },
    **{
        f'accepted_{monitor}': {'accept': {'ms': 20, 'monitor': monitor}}
        for monitor in (
            *('usual', 'gone', 'gone410', 'early', 'lingers', 'bare', 'fails'),
        )
    },
    **{
        f'garbled_{garble}': {'garble': garble}
        for garble in ('truncated', 'html', 'empty', 'list', 'wrong_types')
    },
}
#: Those in which no answer comes in time.
SLOW: Mapping[str, Modes] = {
    'hangs': {'hang': True},
    'acts_late': {'act_ms': _LATE},
    'answers_late': {'latency_ms': _LATE},
    'drips': {'drip': 1},
}


class OnceTests:
    """What all kinds of pod managers are tested by."""

    mode: str

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        # The pauses before a GET is made again.
        self.patch(http_retry.random, 'uniform', lambda *_bounds: 0.0)

    def struck(
        self,
        fault: Modes,
        limits: http_client.Limits = _PATIENT,
        *,
        usual: Modes | None = None,
        **options: Any,
    ) -> Iterator[tuple[str, counted.Counted]]:
        """Ask for each change; yield what arrived.

        :param fault: strikes when something that changes is sent; what is a
            function is given the url of the pod manager.
        :param usual: how the pod manager is already when it is asked.
        """
        server = counted.Counted(self.mode, **options)
        with server, connected.Connected(server.url) as quiet:
            target = changes.prepared(server.pod, quiet.connection)
            for name, change in changes.changes(target):
                with connected.Connected(server.url, limits) as podm:
                    # So that it has a connection, and a session.
                    podm.connection.probe()
                    server.pod.set_modes(**usual or {})
                    server.arrived.clear()
                    _ask(server, podm.connection, change, fault)
                server.pod.clear_modes()
                yield name, server

    def assertOnce(self, server: counted.Counted, *why: object) -> None:
        self.assertEqual([], _sent_again(server.arrived), why)

    def test_without_a_fault(self) -> None:
        """Each change is what is counted here."""
        for name, server in self.struck({}):
            if (self.mode, name) not in _NOTHING_SENT:
                self.assertNotEqual([], server.arrived, name)
            self.assertOnce(server, name)

    def test_faults(self) -> None:
        for fault, modes in FAULTS.items():
            for name, server in self.struck(modes):
                self.assertOnce(server, fault, name)

    def test_nothing_in_time(self) -> None:
        for fault, modes in SLOW.items():
            for name, server in self.struck(modes, _HASTY):
                self.assertOnce(server, fault, name)

    def test_redirects(self) -> None:
        """They lead to the pod manager itself, and yet nowhere."""
        for status in (301, 302, 303, 307, 308):
            for name, server in self.struck(_redirect(status)):
                self.assertOnce(server, status, name)
                statuses = {each.status for each in server.arrived}
                self.assertLessEqual(statuses, {status}, name)

    def test_deviations(self) -> None:
        for deviation in deviations.ALL:
            modes = {'deviate': [deviation]}
            for name, server in self.struck({}, usual=modes):
                self.assertOnce(server, deviation, name)

    def test_session_that_has_ended(self) -> None:
        """It is turned away, and after a login let in."""
        modes = {'sessions': {'requests': 1}}
        for name, server in self.struck(modes, wants_sessions=True):
            self.assertOnce(server, name)
            if (self.mode, name) in _NOTHING_SENT:
                continue
            first, second = server.arrived[:2]
            self.assertEqual(401, first.status, name)
            self.assertNotEqual(401, second.status, name)
            self.assertEqual(first.request, second.request, name)

    def test_sessions_that_end_at_once(self) -> None:
        """A login is of no use: it is tried once, and then no more."""
        modes = {'sessions': {'requests': 0}}
        for name, server in self.struck(modes, wants_sessions=True):
            statuses = {each.status for each in server.arrived}
            self.assertLessEqual(statuses, {401}, name)
            self.assertEqual(len(statuses) * 2, len(server.arrived), name)


#: What is done by being made.
_NOTHING_SENT = {
    ('composition', 'assemble_node'),
    ('composition-manifest', 'assemble_node'),
}


class RsdOnceTest(OnceTests, testtools.TestCase):
    mode = 'rsd2.5'


class CompositionOnceTest(OnceTests, testtools.TestCase):
    mode = 'composition'


class ManifestOnceTest(OnceTests, testtools.TestCase):
    mode = 'composition-manifest'


class PlainOnceTest(OnceTests, testtools.TestCase):
    mode = 'plain'


def _sent_again(arrived: list[counted.Arrived]) -> list[counted.Arrived]:
    """Give what arrived although it may have been done already."""
    found, before = [], dict[Any, counted.Arrived]()
    for each in arrived:
        is_post = each.method == 'POST'
        place = each.request if is_post else each.path
        last = before.get(place)
        before[place] = each
        if last is None or last.request != each.request:
            continue
        undone = (401,) if is_post else range(400, 500)
        if last.status not in undone:
            found.append(each)
    return found


def _redirect(status: int) -> Modes:
    def hostile(url: str) -> dict[str, Any]:
        return {'url': url, 'where': ['post'], 'status': status}

    return {'hostile': hostile}


def _ask(
    server: counted.Counted,
    connection: base.Connection,
    change: changes.Change,
    fault: Modes,
) -> None:
    """Ask for a change, and look once how it goes on."""
    modes = {
        name: value(server.url) if callable(value) else value
        for name, value in fault.items()
    }

    def strike() -> None:
        server.pod.set_modes(**modes)

    with (
        contextlib.suppress(exception.ValenceError),
        http_client.each_change_after(strike),
    ):
        made = change(connection.compute)
        if isinstance(made, hardware.Pending):
            connection.look(made.monitor)
