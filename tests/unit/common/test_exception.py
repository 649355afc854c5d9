import inspect
import re

import orjson
import testtools

from valence.common import exception

_ERROR = {
    'status': 409,
    'code': 'needs_attention',
    'title': 'Needs attention',
    'detail': 'look',
    'reasons': ['a', 'b'],
}


def classes():
    """Give all errors of the module."""
    return [
        each
        for _, each in inspect.getmembers(exception, inspect.isclass)
        if issubclass(each, exception.ValenceError)
    ]


def named(template):
    """Give what a template names."""
    return re.findall(r'%\((\w+)\)', template)


def words(cls):
    """Give what a class has to be told."""
    if cls is exception.TaskFailed:
        return {'error': _ERROR}
    return {name: f'<{name}>' for name in named(cls.template)}


class EachErrorTest(testtools.TestCase):
    """What holds for every class of the module."""

    def test_there_are_some(self):
        self.assertGreater(len(classes()), 30)

    def test_formats_with_what_its_template_names(self):
        for cls in classes():
            error = cls(**words(cls))
            for value in words(cls).values():
                if isinstance(value, str):
                    self.assertIn(value, error.detail, cls.__name__)
            self.assertNotIn('%(', error.detail)
            self.assertEqual(error.detail, str(error))

    def test_wrong_words_fail(self):
        for cls in classes():
            if words(cls):
                self.assertRaises(KeyError, cls, unheard='of')

    def test_crosses_the_bus(self):
        """As oslo.messaging does it: by class and kwargs, as JSON."""
        for cls in classes():
            given = words(cls)
            if cls is not exception.TaskFailed:
                given['reasons'] = ['one', 'two']
            sent = cls(**given)
            wire = orjson.loads(orjson.dumps(sent.kwargs))
            come = cls(*sent.args, **wire)
            self.assertEqual(sent.to_dict(), come.to_dict(), cls.__name__)
            self.assertEqual(sent.reasons, come.reasons)
            self.assertTrue(come.reasons)

    def test_status_is_one_of_those_that_are_documented(self):
        for cls in classes():
            self.assertIn(
                cls.status,
                {400, 401, 403, 404, 409, 413, 415, 422, 429, 500, 503, 504},
                cls.__name__,
            )

    def test_body(self):
        for cls in classes():
            body = cls(**words(cls)).to_dict()
            self.assertLessEqual(
                {'status', 'code', 'title', 'detail'}, body.keys()
            )
            self.assertTrue(all(body.values()), body)


class ErrorTest(testtools.TestCase):
    def test_reasons_are_shown_where_there_are_some(self):
        error = exception.NoMatchingSystem(detail='none', reasons=('a', 'b'))
        self.assertEqual(['a', 'b'], error.to_dict()['reasons'])
        self.assertNotIn(
            'reasons', exception.NoMatchingSystem(detail='none').to_dict()
        )

    def test_code_is_the_phrase_of_the_status(self):
        error = exception.NodeNotFound(node='n')
        self.assertEqual('Not Found', error.to_dict()['code'])

    def test_code_of_its_own(self):
        error = exception.NeedsAttention(detail='look')
        self.assertEqual('needs_attention', error.to_dict()['code'])

    def test_more_than_the_template_names_is_kept(self):
        error = exception.NodeNotFound(node='n', codes=['x'])
        self.assertEqual(['x'], error.kwargs['codes'])

    def test_task_failed_is_the_error_of_the_task(self):
        error = exception.TaskFailed(error=_ERROR)
        self.assertEqual(_ERROR, error.to_dict())

    def test_percent_in_a_value_is_left_alone(self):
        error = exception.NodeNotFound(node='100 %s')
        self.assertIn('100 %s', error.detail)
