import email.utils
import time

import orjson
import testtools

from valence.common import http_answer

EXTENDED = '@Message.ExtendedInfo'


class RefusalTest(testtools.TestCase):
    def read(self, body, status=400):
        if not isinstance(body, bytes):
            body = orjson.dumps(body)
        found = http_answer.read_refusal(status, body)
        return found.reason, found.reasons, found.codes

    def test_rsd(self):
        body = {
            'error': {
                'code': 'Base.1.0.ResourcesStateMismatch',
                'message': 'Conflict during allocation',
                EXTENDED: [
                    {'MessageId': 'Base.1.0.GeneralError', 'Message': 'one'},
                    {'MessageId': 'Base.1.0.GeneralError', 'Message': 'two'},
                ],
            }
        }
        reason, reasons, codes = self.read(body)
        self.assertEqual('Conflict during allocation', reason)
        self.assertEqual(['one', 'two'], reasons)
        self.assertIn('Base.1.0.ResourcesStateMismatch', codes)

    def test_message_only_in_extended_info(self):
        body = {'error': {'code': 'x', EXTENDED: {'Message': 'why'}}}
        self.assertEqual(('why', ['why'], ['x']), self.read(body))

    def test_extended_info_at_the_top(self):
        body = {EXTENDED: ['why', {'MessageId': 'Base.1.0.X'}, 7]}
        self.assertEqual(('why', ['why'], ['Base.1.0.X']), self.read(body))

    def test_only_a_message_id(self):
        body = {'error': {EXTENDED: [{'MessageId': 'Base.1.0.X'}]}}
        self.assertEqual(('Base.1.0.X', [], ['Base.1.0.X']), self.read(body))

    def test_strings(self):
        for body in ('why', b'why', {'error': 'why'}):
            self.assertEqual(('why', [], []), self.read(body))

    def test_html(self):
        page = b'<html><title>502\nBad <b>Gateway</b></title><p>nginx</html>'
        self.assertEqual(('502 Bad Gateway', [], []), self.read(page))

    def test_nothing_said(self):
        for body in (b'', {}, [], 7, None, {'error': {}}, {'error': 7}):
            self.assertEqual(('Bad Request', [], []), self.read(body))
        self.assertEqual(('no reason given', [], []), self.read(b'', 499))

    def test_bounded(self):
        body = {'error': {EXTENDED: [{'Message': 'x' * 5000}] * 100}}
        reason, reasons, _codes = self.read(body)
        self.assertEqual(http_answer.MAX_LENGTH, len(reason))
        self.assertEqual(http_answer.MAX_REASONS, len(reasons))

    def test_masked_before_it_is_cut(self):
        # Of the secret only the beginning would be within the bounds.
        fill = 'x' * (http_answer.MAX_LENGTH - 3)
        for body in (
            orjson.dumps(f'{fill}SECRET'),
            orjson.dumps({'error': {'message': f'{fill}SECRET'}}),
            orjson.dumps({'error': {'code': f'{fill}SECRET'}}),
            orjson.dumps({'error': {EXTENDED: [f'{fill}SECRET']}}),
            b'<p>' + b'x' * 197 + b'SECRET',
        ):
            found = http_answer.read_refusal(
                400, body, lambda text: text.replace('SECRET', '***')
            )
            self.assertNotIn('SEC', f'{found}')


class RetryAfterTest(testtools.TestCase):
    def read(self, value):
        answer = http_answer.Answer(503, '/x', {'Retry-After': value}, b'')
        return answer.retry_after(0.5)

    def test_seconds(self):
        self.assertEqual(7, self.read('7'))

    def test_date(self):
        soon = email.utils.formatdate(time.time() + 60, usegmt=True)
        self.assertTrue(57 < self.read(soon) <= 60)

    def test_past_or_nonsense(self):
        for value in ('Wed, 21 Oct 2015 07:28:00 GMT', '', 'soon', '-1', '²'):
            self.assertEqual(0.5, self.read(value))
