import testtools
from wsme import types as wtypes

from tests.fixtures import rows
from valence.api.types import base
from valence.common import exception


class Part(base.Body):
    size = wtypes.wsattr(base.Number(most=10), mandatory=True)


class Whole(base.Body):
    name = wtypes.wsattr(base.Text(least=1, most=4), mandatory=True)
    part = wtypes.wsattr(Part)
    parts = wtypes.wsattr([Part])
    words = wtypes.wsattr([base.Text()])
    note = wtypes.wsattr(base.Nullable(base.Text(most=3)))


class ValidatorsTest(testtools.TestCase):
    def good(self, kind, *pairs):
        for value, expected in pairs:
            found = kind.validate(value)
            self.assertEqual(expected, found)
            self.assertIs(type(expected), type(found))

    def bad(self, kind, words, *values):
        for value in values:
            error = self.assertRaises(ValueError, kind.validate, value)
            self.assertIn(words, str(error))
            self.assertNotIn('swordfish', str(error))

    def test_name(self):
        kind = base.Name()
        for good in ('a', 'rack-1', 'Ein Name', 'ä', '_x'):
            self.assertEqual(good, kind.validate(good))
        for bad in ('', 'a/b', ' a', 'a ', 'a\nb', '\x1b[2J', 'x' * 256, 1):
            self.assertRaises(ValueError, kind.validate, bad)
        uuid = rows.new_uuid()
        for form in (uuid, uuid.upper(), uuid.replace('-', '')):
            self.bad(kind, 'must not look like a uuid', form)
        self.assertEqual(f'x{uuid}', kind.validate(f'x{uuid}'))

    def test_text(self):
        kind = base.Text(least=1, most=9)
        self.good(kind, ('x', 'x'), ('€' * 9, '€' * 9))
        self.bad(kind, '1 to 9 characters', '', 'swordfish!')
        self.bad(kind, 'must be a string', 1, True, None, ['swordfish'], {})

    def test_number(self):
        kind = base.Number(most=100)
        self.good(kind, (1, 1), (100, 100), ('7', 7), ('007', 7))
        self.bad(kind, 'must be 1 to 100', 0, 101, -1, '101', '9' * 5000)
        self.bad(
            kind,
            'must be a whole number',
            1.0,
            True,
            None,
            '',
            ' 1',
            '-1',
            '1.5',
            '1e1',
            '٣',
            '²',
            'swordfish',
            [1],
        )

    def test_choice(self):
        kind = base.Choice('b', 'a')
        self.good(kind, ('a', 'a'))
        self.bad(kind, 'must be one of b, a', 'A', '', 1, None, [], {}, ['a'])

    def test_flag(self):
        kind = base.Flag()
        self.good(kind, (True, True), (False, False))
        self.bad(kind, 'must be true or false', 1, 0, 'true', None, [])

    def test_nullable(self):
        kind = base.Nullable(base.Number(most=5))
        self.good(kind, (None, None), (5, 5))
        self.bad(kind, 'must be 1 to 5', 6)


class ParseTest(testtools.TestCase):
    def wrong(self, value):
        error = self.assertRaises(
            exception.ValidationError, base.parse, Whole, value
        )
        self.assertEqual(400, error.status)
        return error

    def test_given(self):
        body = base.parse(
            Whole,
            {
                'name': 'n',
                'part': {'size': '3'},
                'parts': [{'size': 1}, {'size': 2}],
                'words': ['a', 'b'],
                'note': None,
            },
        )
        self.assertEqual(
            {
                'name': 'n',
                'part': {'size': 3},
                'parts': [{'size': 1}, {'size': 2}],
                'words': ['a', 'b'],
                'note': None,
            },
            body.given(),
        )

    def test_what_is_not_given_is_not_there(self):
        self.assertEqual(
            {'name': 'n'}, base.parse(Whole, {'name': 'n'}).given()
        )

    def test_not_an_object(self):
        for value in (None, [], [{}], 'x', 1, True):
            self.assertIn('must be a JSON object', self.wrong(value).detail)

    def test_required(self):
        self.assertEqual('name is required.', self.wrong({}).detail)
        error = self.wrong({'name': 'n', 'part': {}})
        self.assertEqual('part.size is required.', error.detail)

    def test_unknown(self):
        error = self.wrong({'name': 'n', 'part': {'size': 1, 'colour': 2}})
        self.assertEqual(
            'part.colour is not known; known: size.', error.detail
        )

    def test_names_of_python_are_unknown(self):
        for name in ('__class__', 'given', '_wsme_attributes'):
            error = self.wrong({'name': 'n', name: 1})
            self.assertIn(f'{name} is not known', error.detail)

    def test_where_it_is(self):
        error = self.wrong({'name': 'n', 'parts': [{'size': 1}, {'size': 0}]})
        self.assertEqual('parts[1].size must be 1 to 10.', error.detail)
        error = self.wrong({'name': 'n', 'words': ['a', 1]})
        self.assertEqual('words[1] must be a string.', error.detail)

    def test_wrong_containers(self):
        for value in (None, 1, 'x', []):
            error = self.wrong({'name': 'n', 'part': value})
            self.assertEqual('part must be a JSON object.', error.detail)
        for value in (None, 1, 'x', {}, []):
            error = self.wrong({'name': 'n', 'parts': value})
            self.assertIn('parts must be a list', error.detail)

    def test_all_reasons_at_once(self):
        error = self.wrong({'name': 1, 'part': 1, 'colour': 1})
        self.assertEqual(3, len(error.reasons))
        for reason in error.reasons:
            self.assertIn(reason, error.detail)

    def test_one_reason_is_the_detail(self):
        self.assertEqual([], self.wrong({}).reasons)
