"""One system: read each time, or as it was told last."""

from tests.unit.compute import listing


class SystemTest(listing.ListingTest):
    def get(self, row, manager=None):
        return (manager or self.manager).get_system(self.ctxt, row.uuid)

    def test_is_read_each_time(self):
        row = self.system_row()
        self.get(row)
        before = self.requests()
        self.get(row)
        self.assertGreater(self.requests(), before)

    def test_away_as_it_was_told_alone(self):
        row = self.system_row()
        before = self.get(row)
        self.pod.set_modes(away=True)
        self.check_last_seen(before, self.get(row))

    def test_away_as_it_was_told_in_a_list(self):
        row = self.system_row()
        (before,) = (
            each for each in self.of(self.podm) if each['uuid'] == row.uuid
        )
        self.pod.set_modes(away=True)
        self.check_last_seen(before, self.get(row))

    def test_hangs_as_it_was_told(self):
        manager = self.make(patience=0.5)
        row = self.system_row()
        self.get(row)
        self.hang()
        shown = self.get(row, manager)
        self.assertEqual('Unknown', shown['health'])

    def check_last_seen(self, before, away):
        self.assertEqual('Unknown', away['health'])
        self.assertIsNone(away['power_state'])
        self.assertEqual(before['observed_at'], away['observed_at'])
        self.assertEqual(before['ram'], away['ram'])
