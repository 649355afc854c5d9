"""A pod manager that leads to another host: that hears nothing.

Links, redirects, monitors and whatever else a pod manager sends lead there,
in every form, while all that a driver can do is done.
"""

import contextlib
from typing import Any

import fixtures
import requests
import testtools

from tests.functional.podm import changes, recorded, replaying
from tests.functional.podm.second_host import SecondHost
from tests.unit.podm import connected
from valence.common import exception, http_client
from valence.objects import hardware
from valence.podm import base
from valence.simulator.modes import forms

PLACES = (
    *('members', 'next', 'own', 'links', 'actions', 'created', 'monitor'),
    *('get', 'post'),
)
_LIMITS = http_client.Limits(timeout=10, change_timeout=10)
_REDIRECTS = (301, 302, 303, 307, 308)
_SESSIONS = '/redfish/v1/SessionService/Sessions'
_LOG_IN, _ROOT = ('POST', _SESSIONS), ('GET', recorded.ROOT)


class HostileTests:
    """What all kinds of pod managers are tested by."""

    mode: str

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.other = self.useFixture(SecondHost())

    def assertUntouched(self, *why: object) -> None:
        self.assertEqual((0, 0), self.other.calls(), why)

    def tell(self, where: str, form: str, **more: Any) -> None:
        """Tell the whole story at a pod that is hostile in one way."""
        told = connected.Simulated(mode=self.mode, systems=3)
        with told, connected.Connected(told.url, _LIMITS) as podm:
            target = changes.prepared(told.pod, told.connection)
            hostile = {
                'url': self.other.url,
                'where': [where],
                'form': form,
                **more,
            }
            accept = {'ms': 10**6} if where == 'monitor' else None
            told.pod.set_modes(hostile=hostile, accept=accept)
            _tell(podm.connection, target)
            told.pod.clear_modes()
            # Nothing else did: what was asked there was asked here.
            self.assertGreater(told.pod.requests.total(), 0)

    def test_redirects(self) -> None:
        for where in ('get', 'post'):
            for status in _REDIRECTS:
                self.tell(where, 'absolute', status=status)
                self.assertUntouched(where, status)


def _add_tests(place: str) -> None:
    def test(self: HostileTests) -> None:
        for form in forms.FORMS:
            self.tell(place, form)
            self.assertUntouched(place, form)

    setattr(HostileTests, f'test_{place}', test)


for _place in PLACES:
    _add_tests(_place)


class RsdHostileTest(HostileTests, testtools.TestCase):
    mode = 'rsd2.5'


class CompositionHostileTest(HostileTests, testtools.TestCase):
    mode = 'composition'


class ManifestHostileTest(HostileTests, testtools.TestCase):
    mode = 'composition-manifest'


class PlainHostileTest(HostileTests, testtools.TestCase):
    mode = 'plain'


class SessionHostileTest(testtools.TestCase):
    """A pod manager that wants a session, and leads astray with it."""

    def setUp(self) -> None:
        super().setUp()
        self.useFixture(fixtures.FakeLogger())
        self.other = self.useFixture(SecondHost())
        self.server = self.useFixture(replaying.Replaying())
        self.recording = recorded.recording('plain', 2)

    def tell(self, key: recorded.Key, answer: replaying.Answer) -> str:
        """Tell the story where one answer is another one."""
        world = recorded.World(
            self.recording,
            lambda answers: answers.update({key: answer}),
            sessions=True,
        )
        self.server.reply = world
        with connected.Connected(self.server.url, _LIMITS) as podm:
            status = podm.connection.probe().status
            _tell(podm.connection, changes.Target(self.recording.systems[0]))
        self.assertIn(key, world.asked)
        self.assertEqual((0, 0), self.other.calls())
        return status

    def lead(self, form: str, path: str) -> str:
        return forms.lead(form, self.server.url, self.other.url, path)

    def test_location(self) -> None:
        """The session is used; only where to end it is not known."""
        for form in forms.FORMS:
            place = forms.in_header(self.lead(form, f'{_SESSIONS}/1'))
            headers = {'X-Auth-Token': 'token', 'Location': place}
            answer = replaying.Answer(201, headers)
            self.assertEqual('Online', self.tell(_LOG_IN, answer), form)

    def test_link(self) -> None:
        root = self.recording.answers[_ROOT].document
        for form in forms.FORMS:
            link = {'@odata.id': self.lead(form, _SESSIONS)}
            document = {**root, 'Links': {'Sessions': link}}
            answer = replaying.Answer(document=document)
            self.assertEqual('Offline', self.tell(_ROOT, answer), form)

    def test_redirect(self) -> None:
        for form in forms.FORMS:
            place = forms.in_header(self.lead(form, _SESSIONS))
            answer = replaying.Answer(307, {'Location': place})
            self.assertEqual('Unauthorized', self.tell(_LOG_IN, answer), form)


class SecondHostTest(testtools.TestCase):
    def test_it_counts_those_that_are_led_astray(self) -> None:
        other = self.useFixture(SecondHost())
        pod = self.useFixture(connected.Simulated(systems=1))
        for number, form in enumerate(('absolute', 'other_port'), 1):
            hostile = {'url': other.url, 'where': ['get'], 'form': form}
            pod.pod.set_modes(hostile=hostile)
            answer = requests.get(f'{pod.url}{recorded.ROOT}', timeout=10)
            self.assertEqual(404, answer.status_code)
            self.assertEqual(number, other.calls()[0])
        self.assertGreater(other.calls()[1], 0)


def _tell(connection: base.Connection, target: changes.Target) -> None:
    """Do all that there is to do; go on wherever it fails."""
    connection.probe()
    with _going_on():
        list(connection.inventory.walk())
    with _going_on():
        connection.inventory.systems()
    with _going_on():
        connection.inventory.chassis()
    with _going_on():
        connection.inventory.devices()
    with _going_on():
        connection.inventory.parts(target.system)
    with _going_on():
        connection.compute.get_system(target.system)
    _read_nodes(connection, target)
    for _name, change in changes.changes(target):
        with _going_on():
            made = change(connection.compute)
            if isinstance(made, hardware.Pending):
                connection.look(made.monitor)
            if isinstance(made, str):
                connection.compute.get_node_detail(made)


def _read_nodes(connection: base.Connection, target: changes.Target) -> None:
    if target.node is None:
        return
    for name, *args in (
        ('find_node', recorded.TAG),
        ('find_pending', recorded.TAG),
        ('list_nodes',),
        ('has_node', target.node),
        ('get_node_detail', target.node),
        ('list_attachable', target.node),
    ):
        with _going_on():
            getattr(connection.compute, name)(*args)


def _going_on() -> contextlib.AbstractContextManager[None]:
    return contextlib.suppress(exception.ValenceError)
