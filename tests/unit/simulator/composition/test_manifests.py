"""Compose, reserve and take apart by manifest."""

from collections.abc import Sequence
from typing import Any

import testtools

from tests.unit.simulator.composition import composing, test_constrained

UNABLE = 'Composition.1.1.0.UnableToPerformReservation'
UNPROCESSED = 'Composition.1.1.0.UnableToProcessStanzaRequest'


def stanza(
    kind: str = 'ComposeSystem', request: Any = None, own_id: str = 's'
) -> dict[str, Any]:
    """Return a stanza."""
    return {'StanzaType': kind, 'StanzaId': own_id, 'Request': request}


def making(blocks: Sequence[str] = composing.TRIO, **more: Any) -> Any:
    """Return a stanza that makes a system."""
    return stanza(request=composing.named(blocks, **more))


def leaving(*paths: str) -> Any:
    """Return a stanza that takes systems apart."""
    links = [{'@odata.id': each} for each in paths]
    return stanza('DecomposeSystem', {'Links': {'ComputerSystems': links}})


class ManifestTestCase(testtools.TestCase):
    def setUp(self) -> None:
        super().setUp()
        self.simulated = self.useFixture(
            composing.Composing('composition-manifest')
        )
        self.client = self.simulated.client

    def body(self, kind: str, *stanzas: Any, **more: Any) -> Any:
        """Return what is sent to the action."""
        body = {'RequestFormat': 'Manifest', 'RequestType': kind, **more}
        return {**body, 'Manifest': {'Stanzas': stanzas}} if stanzas else body

    def send(self, kind: str, *stanzas: Any, **more: Any) -> Any:
        """Return what the action answers."""
        body = self.body(kind, *stanzas, **more)
        service = self.client.get(composing.SERVICE)
        action = service['Actions']['#CompositionService.Compose']
        answer = self.client.post(action['target'], body)
        self.assertEqual(200, answer.status_code, answer.text)
        document = answer.json()
        self.assertEqual(kind, document['RequestType'])
        self.assertEqual('Manifest', document['RequestFormat'])
        return document

    def responses(self, kind: str, *stanzas: Any, **more: Any) -> list[Any]:
        """Return the response of each stanza."""
        manifest = self.send(kind, *stanzas, **more)['Manifest']
        return [each['Response'] for each in manifest['Stanzas']]

    def systems(self) -> list[str]:
        """Return the paths of all systems."""
        members = self.client.get(composing.SYSTEMS)['Members']
        return [each['@odata.id'] for each in members]

    def reserve(self, *stanzas: Any) -> str:
        """Return the id of a new reservation."""
        answer = self.send('PreviewReserve', *(stanzas or [making()]))
        return str(answer['ReservationId'])

    def codes(self, *stanzas: Any, **more: Any) -> list[str | None]:
        """Return the codes of what is wrong when it is applied."""
        return [
            (each.get('error') or {}).get('code')
            for each in self.responses('Apply', *stanzas, **more)
        ]


class ManifestsTest(ManifestTestCase):
    def test_only_by_the_action(self) -> None:
        answer = self.client.post(composing.SYSTEMS, composing.named())
        self.assertEqual(405, answer.status_code)
        self.assertEqual('GET, HEAD', answer.headers['Allow'])
        self.responses('Apply', making())
        (path,) = self.systems()
        self.assertEqual(405, self.client.delete(path).status_code)

    def test_apply(self) -> None:
        one = making(Description='tag')
        answer = self.send('Apply', one)
        (returned,) = answer['Manifest']['Stanzas']
        response = returned.pop('Response')
        self.assertEqual(one, returned)
        (path,) = self.systems()
        self.assertEqual(path, response['@odata.id'])
        self.assertEqual(self.client.get(path), response)
        self.assertEqual('tag', response['Description'])
        self.assertNotIn('ReservationId', answer)
        self.assertEqual('Composed', self.simulated.state('ComputeBlock1'))

    def test_name_may_be_missing(self) -> None:
        one = stanza(request={'Links': composing.named()['Links']})
        (response,) = self.responses('Apply', one)
        self.assertEqual('Composed System 1', response['Name'])

    def test_expand(self) -> None:
        for expand, inline in (
            ('None', False),
            ('Relevant', True),
            ('All', True),
        ):
            manifest = {'Expand': expand, 'Stanzas': [making()]}
            (response,) = self.responses('Apply', Manifest=manifest)
            self.assertEqual(inline, 'Members' in response['Processors'])
            self.responses('Apply', leaving(response['@odata.id']))

    def test_preview_changes_nothing(self) -> None:
        (response,) = self.responses('Preview', making())
        self.assertEqual('Composed', response['SystemType'])
        self.assertNotIn('@odata.id', response)
        self.assertEqual([], self.systems())
        self.assertFalse(self.simulated.status('ComputeBlock1')['Reserved'])

    def test_several(self) -> None:
        self.responses('Apply', making(), making(['ComputeBlock2']))
        self.assertEqual(2, len(self.systems()))

    def test_constrained(self) -> None:
        request = {
            'Processors': test_constrained.cores(),
            'Memory': test_constrained.memory(),
        }
        stanzas = [stanza(request=request) for _ in range(4)]
        self.assertEqual([None] * 4, self.codes(*stanzas))
        (response,) = self.responses('Apply', stanzas[0])
        self.assertEqual(UNABLE, response['error']['code'])

    def test_decompose(self) -> None:
        self.responses('Apply', making())
        (path,) = self.systems()
        system = self.client.get(path)
        for kind in ('Preview', 'Apply'):
            self.assertEqual([path], self.systems())
            self.assertEqual([system], self.responses(kind, leaving(path)))
        self.assertEqual([], self.systems())
        self.assertEqual('Unused', self.simulated.state('ComputeBlock1'))

    def test_decompose_by_reference(self) -> None:
        self.responses('Apply', making())
        (path,) = self.systems()
        one = stanza('DecomposeSystem', {'@odata.id': path})
        self.assertEqual([None], self.codes(one))
        self.responses('Apply', one)
        self.assertEqual([], self.systems())

    def test_decompose_several(self) -> None:
        self.responses('Apply', making(), making(['ComputeBlock2']))
        paths = self.systems()
        (response,) = self.responses('Apply', leaving(*paths))
        self.assertEqual(2, len(response['Members']))
        self.assertEqual([], self.systems())

    def test_decompose_what_there_is_not(self) -> None:
        self.responses('Apply', making())
        (path,) = self.systems()
        for one in (
            leaving(f'{composing.SYSTEMS}/ComposedSystem9'),
            leaving('/elsewhere'),
            leaving(path, path),
            leaving(),
            stanza('DecomposeSystem', {'Links': 3}),
        ):
            self.assertEqual([UNPROCESSED], self.codes(one))
        self.assertEqual([path], self.systems())

    def test_other_stanzas(self) -> None:
        for kind in ('ComposeResource', 'RegisterResourceBlock', 'OEM'):
            codes = self.codes(stanza(kind, {'Name': 'n'}))
            self.assertEqual([UNPROCESSED], codes)

    def test_all_or_nothing(self) -> None:
        codes = self.codes(making(), making(['GpuBlock1']))
        self.assertEqual([UNPROCESSED, UNABLE], codes)
        self.assertEqual([], self.systems())

    def test_the_same_block_in_two_stanzas(self) -> None:
        codes = self.codes(making(), making(['ComputeBlock1']))
        self.assertEqual([UNPROCESSED, UNABLE], codes)

    def test_reasons(self) -> None:
        self.responses('Apply', making(['ComputeBlock1']))
        (response,) = self.responses('Apply', making())
        info = response['error']['@Message.ExtendedInfo']
        self.assertEqual(
            ['Composition.1.1.0.ResourceBlockInUse'],
            [each['MessageId'] for each in info],
        )

    def test_wrong_requests(self) -> None:
        manifest = {'Stanzas': [making()]}
        for body in (
            {},
            {'RequestFormat': 'Manifest', 'Manifest': manifest},
            {'RequestType': 'Apply', 'Manifest': manifest},
            self.body('Apply'),
            self.body('Explode', making()),
            self.body('Preview', making(), ReservationId='1'),
            self.body('Preview', ReservationId='1'),
            self.body('Apply', stanza('Explode', {'Name': 'n'})),
            self.body('Apply', stanza(request='x')),
        ):
            answer = self.client.post(composing.COMPOSE, body)
            self.assertEqual(400, answer.status_code, body)

    def test_empty(self) -> None:
        for manifest in ({}, {'Stanzas': []}, {'Stanzas': [stanza()]}):
            body = self.body('Apply', Manifest=manifest)
            answer = self.client.post(composing.COMPOSE, body)
            self.assertEqual(400, answer.status_code)
            self.assertEqual(['EmptyManifest'], composing.messages(answer))


class ReservationTest(ManifestTestCase):
    def test_reserve(self) -> None:
        own_id = self.reserve()
        self.assertTrue(self.simulated.status('ComputeBlock1')['Reserved'])
        self.assertEqual([], self.systems())
        collection = self.client.get(f'{composing.RESERVATIONS}?$expand=.')
        (reservation,) = collection['Members']
        self.assertEqual(own_id, reservation['Id'])
        self.assertEqual(
            composing.links(composing.TRIO),
            reservation['ReservedResourceBlocks'],
        )
        self.assertEqual([making()], reservation['Manifest']['Stanzas'])

    def test_apply_what_is_reserved(self) -> None:
        own_id = self.reserve()
        answer = self.send('Apply', ReservationId=own_id)
        (response,) = (
            each['Response'] for each in answer['Manifest']['Stanzas']
        )
        self.assertEqual(self.systems(), [response['@odata.id']])
        path = f'{composing.RESERVATIONS}/{own_id}'
        self.assertEqual(404, self.client.call('GET', path).status_code)
        self.assertFalse(self.simulated.status('ComputeBlock1')['Reserved'])
        self.assertEqual(409, self.apply(own_id))

    def test_what_was_chosen_stays_chosen(self) -> None:
        request = {
            'Processors': test_constrained.cores(),
            'Memory': test_constrained.memory(),
        }
        self.simulated.reserve('ComputeBlock1', 'other')
        own_id = self.reserve(stanza(request=request))
        self.simulated.reserve('ComputeBlock1', reserved=False)
        (response,) = self.responses('Apply', ReservationId=own_id)
        self.assertEqual(
            composing.links(['ComputeBlock2']),
            response['Links']['ResourceBlocks'],
        )

    def test_apply_another_manifest(self) -> None:
        own_id = self.reserve()
        codes = self.codes(making(['ComputeBlock1']), ReservationId=own_id)
        self.assertEqual([None], codes)
        self.assertFalse(self.simulated.status('StorageBlock1')['Reserved'])

    def test_a_failed_apply_keeps_it(self) -> None:
        own_id = self.reserve()
        codes = self.codes(making(['GpuBlock1']), ReservationId=own_id)
        self.assertEqual([UNABLE], codes)
        self.assertTrue(self.simulated.status('ComputeBlock1')['Reserved'])

    def test_others_do_not_get_it(self) -> None:
        own_id = self.reserve()
        (response,) = self.responses('Apply', making())
        self.assertEqual(UNABLE, response['error']['code'])
        info = response['error']['@Message.ExtendedInfo']
        self.assertEqual(
            [[each, own_id] for each in composing.TRIO],
            [each['MessageArgs'] for each in info],
        )
        other = self.reserve(making(['ComputeBlock2']))
        codes = self.codes(making(), ReservationId=other)
        self.assertEqual([UNABLE], codes)

    def test_a_patch_does_not_get_it(self) -> None:
        self.reserve()
        for reserved in (True, False):
            answer = self.simulated.reserve('ComputeBlock1', 'me', reserved)
            self.assertEqual(409, answer.status_code)

    def test_nothing_is_reserved_of_what_cannot_be(self) -> None:
        answer = self.send('PreviewReserve', making(), making(['GpuBlock1']))
        self.assertNotIn('ReservationId', answer)
        self.assertFalse(self.simulated.status('ComputeBlock1')['Reserved'])

    def test_delete(self) -> None:
        own_id = self.reserve()
        path = f'{composing.RESERVATIONS}/{own_id}'
        self.assertEqual(204, self.client.delete(path).status_code)
        self.assertFalse(self.simulated.status('ComputeBlock1')['Reserved'])
        self.assertEqual(404, self.client.delete(path).status_code)

    def apply(self, own_id: str) -> int:
        body = self.body('Apply', ReservationId=own_id)
        return self.client.post(composing.COMPOSE, body).status_code

    def test_unknown(self) -> None:
        self.assertEqual(409, self.apply('7'))

    def test_expires(self) -> None:
        self.client.modes(reservation_ms=0)
        own_id = self.reserve()
        self.assertEqual(409, self.apply(own_id))
        collection = self.client.get(composing.RESERVATIONS)
        self.assertEqual([], collection['Members'])
        self.assertFalse(self.simulated.status('ComputeBlock1')['Reserved'])
