import testtools

from valence.common import http_json


def nested(depth, inner=b''):
    return b'{"a":' * (depth - 1) + b'[' + inner + b']' + b'}' * (depth - 1)


class LoadsTest(testtools.TestCase):
    def test_small_and_large(self):
        for count in (1, 100):
            body = b'[' + b','.join([b'{"a": [1]}'] * count) + b']'
            self.assertEqual([{'a': [1]}] * count, http_json.loads(body))

    def test_as_deep_as_allowed(self):
        many = b','.join([b'1'] * 100)
        found = http_json.loads(nested(http_json.MAX_DEPTH, many))
        for _level in range(http_json.MAX_DEPTH - 1):
            found = found['a']
        self.assertEqual([1] * 100, found)

    def test_as_deep_as_allowed_with_many_parts(self):
        inner = b','.join([b'[]'] * 100)
        http_json.loads(nested(http_json.MAX_DEPTH - 1, inner))
        self.assertRaises(
            ValueError,
            http_json.loads,
            nested(http_json.MAX_DEPTH, inner),
        )

    def test_too_deep(self):
        for depth in (http_json.MAX_DEPTH + 1, 1024, 1025, 1_000_000):
            self.assertRaises(ValueError, http_json.loads, nested(depth))

    def test_brackets_in_strings_are_no_levels(self):
        body = b'["' + b'[{' * 1000 + b'\\"[{"]'
        (found,) = http_json.loads(body)
        self.assertEqual('[{' * 1000 + '"[{', found)

    def test_no_json(self):
        many = b'[]' * 50
        for body in (
            b'',
            b'x',
            b'1 2',
            many + many,
            b'],[' * 70,
            b'1' + b'],[' * 70 + b'1',
            b']' * 70 + b'[' * 70,
            b'[],' * 70 + b'[]',
            b'[' * 70,
            b'\xff' + b'[' * 70 + b']' * 70,
        ):
            self.assertRaises(ValueError, http_json.loads, body)
