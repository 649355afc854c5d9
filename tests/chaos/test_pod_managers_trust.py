"""Row 23: pod managers whose certificate is not to be trusted.

Nothing is sent to them, and who asks is told at once what is wrong.
"""

import pathlib
import time
from typing import Any

from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.tls import Identities, Identity, Listener
from tests.fixtures import rest
from valence.simulator.server import Simulator

_CODE = 'podm_tls_untrusted'
#: Seconds.
_SOON = 2

_Record = dict[str, Any]


class Untrusted(ChaosCase):
    def setUp(self) -> None:
        super().setUp()
        self.identities = self.useFixture(Identities())
        self.rig = self.new_rig(pods=1, nodes=1)

    def test_row_23_certificates(self) -> None:
        known = self.identities
        self.assert_refused('expired', known.expired(), 'has expired')
        another = known.of_another_host()
        self.assert_refused('another host', another, 'not valid for')
        self.assert_refused('self-signed', known.self_signed(), 'self-signed')
        unknown = known.of_unknown_authority()
        self.assert_refused('unknown authority', unknown, 'issuer')
        self.assert_trusted(known.good_files())

    def test_row_23_old_tls(self) -> None:
        self.assert_refused('old TLS', self.identities.old(), 'protocol')

    def assert_refused(
        self, name: str, identity: Identity, cause: str
    ) -> None:
        listener = self.useFixture(Listener(identity))
        podm = self.register(name, listener.url, identity.ca)
        sync = self.sync_of(podm)
        registered = listener.connections

        start = time.monotonic()
        task = self.compose(podm)
        seconds = time.monotonic() - start
        # Nobody tries again behind our back.
        time.sleep(_SOON)
        composed = listener.connections - registered
        self.note(
            f'{name}: {task["error"]["code"]}, {task["error"]["detail"]} '
            f'After {seconds:.1f} s; {composed} connections, {registered} of '
            'the registration with its sync'
        )
        self.assertEqual('Offline', podm['status'])
        self.assertIn(cause, podm['status_reason'])
        for ended in (sync, task):
            self.assertEqual('Failed', ended['status'])
            self.assertEqual(_CODE, ended['error']['code'])
            self.assertIn(cause, ended['error']['detail'])
        self.assertEqual(1, composed)
        self.assertLess(seconds, _SOON)

    def assert_trusted(self, files: tuple[str, str]) -> None:
        """The others are refused for what they are, and not by mistake."""
        with Simulator(tls=files) as pods:
            podm = self.register('good', pods.urls[0], self.identities.ca)
            self.assertEqual('Online', podm['status'], podm)
            task = self.compose(podm)
        self.assertEqual('Completed', task['status'], task)

    def register(self, name: str, url: str, ca: str | None) -> _Record:
        pem = pathlib.Path(ca).read_text() if ca else None
        tls = {'tls': {'ca': pem}} if pem else {}
        body = rest.pod_manager(name, url, **tls)
        answer = self.rig.rest.request('POST', '/v1/pod_managers', body)
        self.assertEqual(201, answer.status_code, answer.text)
        return answer.json()

    def sync_of(self, podm: _Record) -> _Record:
        """Give the first sync, once it has ended."""
        path = f'/v1/tasks?action=sync_pod_manager&podm_id={podm["uuid"]}'
        (task,) = self.rig.rest.get(path)
        return self.rig.rest.ended(task['uuid'])

    def compose(self, podm: _Record) -> _Record:
        body = {'name': podm['name'], 'podm_id': podm['uuid']}
        asked = self.rig.rest.accepted('POST', '/v1/nodes', body)
        return self.rig.rest.ended(asked['task_uuid'])
