import testtools

from tests.unit.podm.redfish.composition import composing
from tests.unit.podm.redfish.composition.composing import (
    CAPABILITIES,
    SPECIFIC,
)
from valence.common import exception


class LimitsTest(testtools.TestCase):
    """How many blocks of a kind there must and may be."""

    def setUp(self):
        super().setUp()
        self.pod = self.useFixture(composing.ComposingPod())
        self.pod.computing('cpu')
        self.pod.storing('disk1')
        self.pod.storing('disk2')
        self.pod.storing('disk3')

    def choose(self, limits, **properties):
        self.pod.capabilities(
            SPECIFIC,
            {
                'Description@Redfish.OptionalOnCreate': True,
                '@Redfish.ResourceBlockLimits': limits,
            },
        )
        self.pod.requests.clear()
        self.pod.allocate(**properties)
        (chosen,) = self.pod.chosen()
        return chosen

    def refuse(self, limits, **properties):
        error = self.assertRaises(
            exception.NoMatchingSystem, self.choose, limits, **properties
        )
        self.assertIn('Storage blocks within the limits', error.reasons[-1])

    def test_least(self):
        self.assertEqual(['cpu'], self.choose({}))
        chosen = self.choose({'MinStorage': 2})
        self.assertEqual(('cpu', 3), (chosen[0], len(set(chosen))))

    def test_least_counts_what_was_asked_for(self):
        drive = {'capacity_gib': 1}
        chosen = self.choose({'MinStorage': 2}, local_drive=drive)
        self.assertEqual(3, len(set(chosen)))

    def test_more_than_there_is(self):
        self.refuse({'MinStorage': 4})

    def test_most(self):
        drive = {'capacity_gib': 1}
        chosen = self.choose({'MaxStorage': 1}, local_drive=drive)
        self.assertEqual(2, len(chosen))
        self.refuse({'MaxStorage': 0}, local_drive=drive)

    def test_limits_that_are_none(self):
        for limits in (
            *(None, [], 'x', 7),
            *({'MinStorage': wrong} for wrong in ('2', None, [2], {})),
        ):
            self.assertEqual(['cpu'], self.choose(limits), limits)

    def test_capabilities_that_are_not_to_be_had(self):
        self.pod.capabilities(SPECIFIC, {})
        del self.pod.script['GET', CAPABILITIES]
        self.pod.allocate()
        self.assertEqual([['cpu']], self.pod.chosen())
