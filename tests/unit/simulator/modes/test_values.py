"""What a mode can be set to, and what is said of anything else."""

import math
from typing import Any

import testtools

from valence.simulator import modes

_RETRY = 'must be a whole number of seconds, "date" or null.'
_TIME = 'must be a number of milliseconds.'
_SPAN = (
    'must be a number of milliseconds, or a list of the least and the most.'
)
_CHANCE = 'must be true, or a chance above 0 and at most 1.'
_URL = 'must be the url of a server.'
_PLACES = (
    '"members", "next", "own", "links", "actions", "created", "monitor", '
    '"session", "get", "post"'
)
_ACCEPT = 'share, ms, monitor and retry_after'
_MONITORS = '"usual", "gone", "gone410", "early", "lingers", "bare", "fails"'


class ValuesTest(testtools.TestCase):
    def test_one_sentence_on_what_is_wrong(self) -> None:
        for name, value, sentence in (
            ('dead', 1, 'dead must be true or false.'),
            ('latency_ms', math.inf, f'latency_ms {_TIME}'),
            ('act_ms', 'x', f'act_ms {_SPAN}'),
            ('act_ms', [2, 1], f'act_ms {_SPAN}'),
            ('act_ms', [1, 2, 3], f'act_ms {_SPAN}'),
            ('act_ms', [-1, 2], f'act_ms {_SPAN}'),
            ('drop', 0, f'drop {_CHANCE}'),
            ('drop', 1.1, f'drop {_CHANCE}'),
            ('drip', 0, 'drip must be a number of bytes per second.'),
            ('drip', True, 'drip must be a number of bytes per second.'),
            (
                'garble',
                'much',
                'garble must be one of "truncated", "html", "empty", "list", '
                '"wrong_types".',
            ),
            (
                'burst',
                0.3,
                'burst must be an object of share, statuses and retry_after.',
            ),
            ('burst', {'share': 2}, f'burst.share {_CHANCE}'),
            (
                'burst',
                {'statuses': [200]},
                'burst.statuses must be a list of HTTP status codes of '
                'errors.',
            ),
            ('burst', {'retry_after': 0.5}, f'burst.retry_after {_RETRY}'),
            (
                'sessions',
                {'limit': -1},
                'sessions.limit must be a whole number or null.',
            ),
            (
                'sessions',
                {'time': 1},
                'sessions has no time; it is an object of limit and requests.',
            ),
            ('accept', True, f'accept must be an object of {_ACCEPT}.'),
            ('accept', {'ms': None}, f'accept.ms {_SPAN}'),
            (
                'accept',
                {'monitor': 'odd'},
                f'accept.monitor must be one of {_MONITORS}.',
            ),
            ('power_ms', 'x', f'power_ms {_SPAN}'),
            ('hostile', {}, f'hostile.url {_URL}'),
            ('hostile', {'url': 'ftp://a'}, f'hostile.url {_URL}'),
            ('hostile', {'url': 'http://a/b'}, f'hostile.url {_URL}'),
            (
                'hostile',
                {'url': 'http://a', 'status': 300},
                'hostile.status must be one of 301, 302, 303, 307, 308.',
            ),
            (
                'hostile',
                {'url': 'http://a', 'where': 'own'},
                f'hostile.where must be a list of {_PLACES}.',
            ),
            (
                'hostile',
                {'url': 'http://a', 'where': ['own', 'all']},
                f'hostile.where must be a list of {_PLACES}.',
            ),
        ):
            self.assertEqual(sentence, self.refusal(name, value))

    def refusal(self, name: str, value: Any) -> str:
        found = self.assertRaises(ValueError, modes.parse_all, {name: value})
        return str(found)

    def test_what_is_left_out_is_usual(self) -> None:
        for name, value in (
            (
                'burst',
                {
                    'share': 1,
                    'statuses': [500, 502, 503, 429],
                    'retry_after': None,
                },
            ),
            ('sessions', {'limit': None, 'requests': None}),
            (
                'accept',
                {'share': 1, 'ms': 1000, 'monitor': 'usual', 'retry_after': 1},
            ),
        ):
            mode = modes.parse_all({name: {}})[name]
            self.assertEqual(value, mode.value)

    def test_true_is_certain(self) -> None:
        self.assertEqual(1, modes.parse_all({'drop': True})['drop'].value)
