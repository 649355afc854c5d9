"""Row 33: the machine of the services is in trouble."""

from tests.chaos.rig import chance
from tests.chaos.rig.case import ChaosCase


class DiskFull(ChaosCase):
    def test_row_33_disk_full_for_logs(self) -> None:
        count = chance.scale(200, 50)
        # Each write to this device fails as on a disk that is full.
        rig = self.new_rig(
            nodes=count, more={'DEFAULT': ['log_file = /dev/full']}
        )
        before = {
            name: rig.services.family(name) for name in rig.services.names()
        }
        series = rig.compose(count)
        verdict = self.judge(rig)

        self.note(f'{verdict.figures}; p99 {series.p99:.2f} s')
        self.assertEqual({202: count}, series.statuses())
        # Nobody has died, and been replaced.
        self.assertEqual(
            before,
            {name: rig.services.family(name) for name in before},
        )
        # Otherwise nothing was shown.
        self.assertIn('No space left', rig.stack.log('compute1'))
