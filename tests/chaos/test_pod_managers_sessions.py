"""Row 24: pod managers that know sessions only, and few of them."""

from typing import Any

import requests

from tests.chaos.rig import aim, chance, records
from tests.chaos.rig.case import ChaosCase
from tests.chaos.rig.front import Front
from tests.chaos.rig.rig import Rig

#: What iDRAC has.
_LIMIT = 8
#: Requests after which a session has ended.
_SOON = 20
_SESSIONS = '/redfish/v1/SessionService/Sessions'


class Sessions(ChaosCase):
    def test_row_24_few_sessions(self) -> None:
        count = chance.scale(1000, 60)
        rig = self.session_rig(3 * count)
        steady, logins = self.use(rig, count, lasting=None)
        expiring, again = self.use(rig, count, lasting=_SOON)
        verdict = self.judge(rig)
        for name in rig.services.names('co'):
            rig.services.terminate(name)
        left = self.sessions(rig)
        self.note(
            f'{verdict.figures}; most sessions {steady}, {expiring} when they '
            f'end after {_SOON} requests, {max(left)} after the exit; '
            f'{logins} and {again} logins'
        )
        most = len(rig.services.names('co'))
        self.assertLessEqual(max(steady, expiring), most)
        self.assertEqual({0}, set(left))
        # Else nothing was shown.
        self.assertGreater(steady, 0)
        self.assertGreater(again, logins)

    def session_rig(self, nodes: int) -> Rig:
        rig = self.new_rig(pods=chance.scale(20, 4), nodes=nodes)
        front = self.useFixture(Front(rig.pods.urls, no_basic=True))
        aim.point_at(rig, front.urls)
        for podm in rig.podms:
            # That the conductor has a session, too.
            rig.rest.completed('POST', f'/v1/pod_managers/{podm}/sync')
        return rig

    def use(
        self, rig: Rig, count: int, lasting: int | None
    ) -> tuple[int, int]:
        """Compose; give the most sessions there ever were, and the logins.

        :param lasting: requests after which a session ends.
        """
        for url in rig.pods.urls:
            sessions = {'limit': _LIMIT, 'requests': lasting}
            rig.pods.set_modes(url, sessions=sessions)
        before = self.logins(rig)
        load = rig.in_background(lambda: rig.compose(count))
        most = 0
        while not load.done() or rig.open_tasks():
            most = max(most, *self.sessions(rig))
        self.assertEqual({202: count}, load.result().statuses())
        return most, self.logins(rig) - before

    def sessions(self, rig: Rig) -> list[int]:
        return [rig.pods.stats(url)['sessions'] for url in rig.pods.urls]

    def logins(self, rig: Rig) -> int:
        stats = map(rig.pods.stats, rig.pods.urls)
        return sum(each['calls'].get('login', 0) for each in stats)


class NoSessions(ChaosCase):
    def test_row_24_no_session_left(self) -> None:
        """Others have all of them: what needs one fails, and says so."""
        rig = self.new_rig(pods=1, nodes=20)
        front = self.useFixture(Front(rig.pods.urls, no_basic=True))
        aim.point_at(rig, front.urls)
        (url,) = rig.pods.urls
        rig.pods.set_modes(url, sessions={'limit': _LIMIT})
        taken = [self.log_in(url) for _ in range(_LIMIT)]
        failed = self.compose(rig, 4)
        tried = sum(seen.status == 503 for seen in front.seen)

        for session in taken:
            requests.delete(
                url + session.headers['Location'],
                headers={'X-Auth-Token': session.headers['X-Auth-Token']},
                timeout=30,
            ).raise_for_status()
        completed = self.compose(rig, 4)
        verdict = self.judge(rig, failures=True)
        self.note(
            f'{verdict.figures}; without a session '
            f'{records.count(map(records.why, failed))}, {tried} logins '
            f'tried; then {records.count(map(records.why, completed))}'
        )
        self.assertEqual([], records.untyped(failed))
        for task in failed:
            self.assertEqual('Failed', task['status'])
            self.assertIn('RAC0218', str(task['error']))
        self.assertEqual({'Completed'}, {task['status'] for task in completed})
        # One for each that failed.
        self.assertEqual(len(failed), tried)

    def log_in(self, url: str) -> requests.Response:
        answer = requests.post(
            url + _SESSIONS,
            json={'UserName': 'admin', 'Password': 'admin'},
            timeout=30,
        )
        answer.raise_for_status()
        return answer

    def compose(self, rig: Rig, count: int) -> list[Any]:
        replies = rig.compose(count).accepted
        return [rig.rest.ended(reply.task_uuid) for reply in replies]
