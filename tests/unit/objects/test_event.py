import testtools

from valence.objects.event import Look, look_of


def message(**event):
    return {'@odata.type': '#Event.v1_3_0.Event', 'Events': [event]}


class LookTest(testtools.TestCase):
    def test_what_stays_in_its_place(self):
        for kind in ('StatusChange', 'ResourceUpdated', 'Alert'):
            self.assertIs(Look.VALUES, look_of(message(EventType=kind)))
        for key in ('ResourcePoweredOn', 'ResourceStatusChangedOK'):
            for kind in (None, 'Event', 'Other'):
                event = message(
                    EventType=kind, MessageId=f'ResourceEvent.1.3.{key}'
                )
                self.assertIs(Look.VALUES, look_of(event))

    def test_more_or_less_than_before(self):
        for kind in ('ResourceAdded', 'ResourceRemoved'):
            event = message(
                EventType=kind, MessageId='ResourceEvent.1.0.ResourceChanged'
            )
            self.assertIs(Look.SYNC, look_of(event))
        event = message(MessageId='ResourceEvent.1.3.ResourceCreated')
        self.assertIs(Look.SYNC, look_of(event))

    def test_what_is_not_known(self):
        for document in (
            None,
            [],
            'x',
            {},
            {'Events': None},
            {'Events': []},
            {'Events': ['x']},
            {'Events': [None]},
            {'@odata.type': 7, 'Events': [{}]},
            message(EventType='StatusChangeX'),
            message(MessageId=5),
            message(MessageId='Other.1.0.ResourcePoweredOn'),
            {'Events': [{'EventType': 'Alert'}] * 101},
        ):
            self.assertIs(Look.SYNC, look_of(document), document)

    def test_unhashable_type(self):
        self.assertIs(Look.SYNC, look_of(message(EventType=['Alert'])))
        self.assertIs(Look.SYNC, look_of(message(EventType={})))

    def test_the_most_of_several(self):
        events = [{'EventType': 'Alert'}, {'EventType': 'ResourceAdded'}]
        self.assertIs(Look.SYNC, look_of({'Events': events}))

    def test_measurements_are_not_worth_a_look(self):
        report = {'@odata.type': '#MetricReport.v1_4_2.MetricReport'}
        self.assertIs(Look.NONE, look_of(report))
