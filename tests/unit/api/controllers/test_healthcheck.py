import testtools

from tests.unit.api import fixtures


class HealthcheckTest(testtools.TestCase):
    def test_all_is_well(self):
        client = self.useFixture(fixtures.Valence()).client
        answer = client.get('/healthcheck')
        self.assertEqual(200, answer.status)
        self.assertEqual(
            ('ok', 'ok', 'ok'),
            tuple(answer.json[key] for key in ('api', 'database', 'bus')),
        )
        self.assertEqual(
            {('valence-conductor', 'up'), ('valence-compute', 'up')},
            {
                (service['binary'], service['status'])
                for service in answer.json['services']
            },
        )

    def test_nobody_answers_on_the_bus(self):
        client = self.useFixture(fixtures.Bare()).client
        answer = client.get('/healthcheck')
        self.assertEqual(503, answer.status)
        self.assertEqual('ok', answer.json['database'])
        self.assertIn('valence-conductor', answer.json['bus'])

    def test_a_service_that_has_ended_is_down(self):
        valence = self.useFixture(fixtures.Valence())
        report = valence.compute[-1]
        report.stop()
        answer = valence.client.get('/healthcheck')
        self.assertEqual(200, answer.status)
        self.assertIn(
            {'binary': 'valence-compute', 'host': 'here', 'status': 'down'},
            answer.json['services'],
        )

    def test_no_database(self):
        bare = self.useFixture(
            fixtures.Bare(
                database__connection='mysql+pymysql://u:p@127.0.0.1:1/valence'
            )
        )
        answer = bare.client.get('/healthcheck')
        self.assertEqual(503, answer.status)
        self.assertIn('does not answer', answer.json['database'])
        self.assertEqual([], answer.json['services'])
