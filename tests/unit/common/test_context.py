import orjson
import testtools
from oslo_context import context as oslo_context

from valence.common import context


def full():
    return context.RequestContext(
        auth_token='secret-token',
        request_id='req-1',
        user_id='u',
        project_id='blue',
        roles=['member'],
        is_admin=False,
        overwrite=False,
    )


class RequestContextTest(testtools.TestCase):
    def setUp(self):
        super().setUp()
        self.addCleanup(restore, oslo_context.get_current())

    def test_travels(self):
        wire = orjson.loads(orjson.dumps(full().to_wire()))
        come = context.RequestContext.from_wire(wire)
        self.assertEqual(
            ('req-1', 'u', 'blue', ['member'], False),
            (
                come.request_id,
                come.user_id,
                come.project_id,
                come.roles,
                come.is_admin,
            ),
        )

    def test_travels_without_its_token(self):
        wire = full().to_wire()
        self.assertNotIn('secret-token', str(wire))
        self.assertIsNone(context.RequestContext.from_wire(wire).auth_token)

    def test_what_is_unknown_is_left_out(self):
        wire = {**full().to_wire(), 'auth_token': 'secret', 'newer': 1}
        come = context.RequestContext.from_wire(wire)
        self.assertIsNone(come.auth_token)
        self.assertEqual('req-1', come.request_id)

    def test_admin(self):
        ctxt = context.admin('req-2')
        self.assertIs(True, ctxt.is_admin)
        self.assertEqual('req-2', ctxt.request_id)

    def test_current_request_id(self):
        restore(None)
        self.assertIsNone(context.current_request_id())
        full().update_store()
        self.assertEqual('req-1', context.current_request_id())


def restore(current):
    """Make a context that of this thread; None makes it have none."""
    if current is not None:
        current.update_store()
    elif oslo_context.get_current() is not None:
        del oslo_context._request_store.context
