import dataclasses
import threading

import orjson
import testtools

from tests.unit.compute import living
from valence.common import exception
from valence.common.http_client import Limits
from valence.podm import live_kinds
from valence.podm.live import Kind
from valence.podm.live_kinds import PROPERTIES, SYSTEM, SYSTEMS

_PATIENCE = 20


class LiveTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.living = self.useFixture(
            living.Living(pods=2, limits=Limits(timeout=20))
        )
        self.pool = self.living.make_pool()
        self.live = self.living.make_live(self.pool)
        self.pod = self.living.pod
        self.podm = self.living.podm

    def get(self, kind=SYSTEMS, url='', live=None, podm=None, **more):
        return (live or self.live).get(
            kind, podm or self.podm, url, **{'patience': _PATIENCE, **more}
        )

    def requests(self):
        return self.pod.requests.total()

    def test_systems(self):
        told = self.get()
        self.assertIsNone(told.error)
        self.assertEqual(3, len(told.value))
        self.assertEqual('OK', told.value[0].health)

    def test_warm_is_what_was_read_and_asks_nobody(self):
        first = self.get()
        before = self.requests()
        second = self.get()
        self.assertEqual(before, self.requests())
        self.assertEqual(first.observed_at, second.observed_at)
        # Sequences of either kind.
        self.assertEqual(orjson.dumps(first.value), orjson.dumps(second.value))

    def test_of_what_was_sent_only_what_lists_need_is_kept(self):
        self.get()
        (system, *_others) = self.get().value
        self.assertLessEqual(
            set(system.raw),
            {path.partition('/')[0] for path in live_kinds.FILTERED},
        )
        self.assertLessEqual({*system.raw['Status']}, {'Health', 'State'})
        self.assertEqual(system.name, system.raw['Name'])

    def test_ttl_of_none_reads_each_time(self):
        live = self.living.make_live(self.pool, ttl=0)
        first = self.get(live=live)
        before = self.requests()
        second = self.get(live=live)
        self.assertGreater(self.requests(), before)
        self.assertGreater(second.observed_at, first.observed_at)

    def test_what_is_older_than_its_time_is_read_again(self):
        live = self.living.make_live(self.pool, ttl=0.05)
        first = self.get(live=live)
        threading.Event().wait(0.1)
        second = self.get(live=live)
        self.assertGreater(second.observed_at, first.observed_at)

    def test_what_comes_from_the_future_is_not_believed_for_long(self):
        first = self.get()
        cache = self.live._cache
        (key,) = list(cache._region.backend._kept._kept)
        (_seen, value) = cache.get_all([key])[key]
        cache.put(key, [first.observed_at + 10**12, value])
        self.assertLess(self.get().observed_at, first.observed_at + 10**12)

    def test_a_change_makes_all_forget(self):
        other = self.living.make_live(self.pool)
        other._cache = self.live._cache
        first = self.get()
        self.living.database.pod_managers.note_change(uuid=self.podm.uuid)
        changed = self.living.record(self.podm)
        self.pod.set_modes(away=True)
        for live in (self.live, other):
            told = self.get(live=live, podm=changed)
            self.assertIsNone(told.value)
            self.assertIsNotNone(told.error)
        # Who has the record from before sees what was before.
        self.assertEqual(first.observed_at, self.get(live=other).observed_at)

    def test_another_url_driver_or_user_is_another_pod_manager(self):
        self.get()
        for values in (
            {'url': self.living.podms[1].url},
            {'driver': 'other'},
            {'uuid': 'other'},
            {'authentication': [{'auth_items': {'username': 'other'}}]},
        ):
            other = dataclasses.replace(self.podm, **values)
            self.assertIsNone(self.live.last(SYSTEMS, other).value, values)

    def test_last_asks_nobody(self):
        self.assertIsNone(self.live.last(SYSTEMS, self.podm).value)
        told = self.get()
        before = self.requests()
        last = self.live.last(SYSTEMS, self.podm)
        self.assertEqual(told.observed_at, last.observed_at)
        self.assertEqual(before, self.requests())

    def test_away_gives_what_was_told_last_and_why(self):
        live = self.living.make_live(self.pool, ttl=0)
        first = self.get(live=live)
        self.pod.set_modes(away=True)
        told = self.get(live=live)
        self.assertIsInstance(told.error, exception.PodManagerUnreachable)
        self.assertEqual(first.observed_at, told.observed_at)
        self.assertEqual(3, len(told.value))
        self.pod.clear_modes()
        told = self.get(live=live)
        self.assertIsNone(told.error)
        self.assertGreater(told.observed_at, first.observed_at)

    def test_wrong_credentials(self):
        podm = self.living.with_wrong_password()
        told = self.get(podm=podm)
        self.assertIsInstance(told.error, exception.PodManagerUnauthorized)

    def test_a_driver_that_is_not_there(self):
        podm = dataclasses.replace(self.podm, driver='none')
        told = self.get(podm=podm)
        self.assertIsInstance(told.error, exception.DriverNotFound)

    def test_one_that_hangs_costs_the_patience(self):
        self.pod.set_modes(hang=True)
        self.addCleanup(self.pod.clear_modes)
        told = self.get(patience=0.3)
        self.assertIsInstance(told.error, exception.PodManagerTimeout)
        self.assertIn('0.3 s', told.error.detail)
        places = [(podm, '') for podm in self.living.podms]
        found = self.live.get_all(SYSTEMS, places, patience=5)
        other = self.living.podms[1]
        self.assertIsNotNone(found[self.podm.uuid, ''].error)
        self.assertIsNone(found[other.uuid, ''].error)

    def test_the_deadline_of_a_read(self):
        live = self.living.make_live(self.pool, deadline=0.3)
        self.pod.set_modes(hang=True)
        self.addCleanup(self.pod.clear_modes)
        told = self.get(live=live)
        self.assertIsInstance(told.error, exception.PodManagerTimeout)
        self.assertIn('GET /redfish', told.error.detail)

    def test_what_was_read_too_late_is_there_for_the_next(self):
        self.pod.set_modes(latency_ms=300)
        self.assertIsNotNone(self.get(patience=0.1).error)
        self.assertIsNone(self.get().error)

    def test_many_at_once_read_once(self):
        self.pod.set_modes(latency_ms=100)
        told = []
        threads = [
            threading.Thread(target=lambda: told.append(self.get()))
            for _ in range(12)
        ]
        for thread in threads:
            thread.start()
        for thread in threads:
            thread.join()
        self.assertEqual(12, len(told))
        self.assertEqual(1, len({each.observed_at for each in told}))

    def test_what_others_put_into_the_cache(self):
        first = self.get()
        cache = self.live._cache
        (key,) = list(cache._region.backend._kept._kept)
        for junk in (
            None,
            5,
            'x',
            {},
            [first.observed_at],
            [first.observed_at, 5],
            [first.observed_at, [5]],
            [first.observed_at, [[1, 2]]],
            ['x', []],
            [first.observed_at, {'a': 1}],
        ):
            cache.put(key, junk)
            told = self.get()
            self.assertIsNone(told.error)
            self.assertEqual(3, len(told.value), junk)

    def test_one_system(self):
        url = self.get().value[0].url
        told = self.get(SYSTEM, url)
        self.assertEqual(url, told.value.url)
        self.assertTrue(told.value.reset_types)
        before = self.requests()
        self.get(SYSTEM, url)
        self.assertEqual(before, self.requests())
        self.get(SYSTEM, url, ttl=0)
        self.assertGreater(self.requests(), before)

    def test_properties(self):
        url = self.get().value[0].url
        for _ in range(2):
            told = self.get(PROPERTIES, url)
            self.assertEqual(url, told.value.url)
            self.assertEqual(url, told.value.raw['@odata.id'])
            self.assertIn('Processors', told.value.raw)

    def test_properties_of_what_is_gone(self):
        told = self.get(PROPERTIES, '/redfish/v1/Systems/gone')
        self.assertIsInstance(told.error, exception.PodManagerResourceMissing)

    def test_no_path_leads_elsewhere(self):
        for url in ('http://example.org/redfish/v1/', '//x/y', '/other', ''):
            told = self.get(PROPERTIES, url)
            self.assertIsInstance(
                told.error, exception.PodManagerMalformed, url
            )

    def test_a_kind_of_its_own(self):
        read = []
        kind = Kind(
            'mine', lambda connection, url: read.append(url) or 5, str, int
        )
        self.assertEqual(5, self.get(kind, '/a').value)
        self.assertEqual(5, self.get(kind, '/a').value)
        self.assertEqual(['/a'], read)
