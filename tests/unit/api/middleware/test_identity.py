import testtools
import webob

from valence.api.middleware import identity, request_id

_SAID = {
    'X-Auth-Token': 't',
    'X-Identity-Status': 'Confirmed',
    'X-User-Id': 'eve',
    'X-User': 'eve',
    'X-Project-Id': 'p',
    'X-Tenant-Id': 'p',
    'X-Domain-Id': 'd',
    'X-Roles': 'reader',
    'X-Role': 'reader',
    'X-Is-Admin-Project': 'True',
    'X-Service-Token': 't',
    'X-Service-Roles': 'service',
    'X-System-Scope': 'all',
    'OpenStack-System-Scope': 'all',
}


class NoAuthenticationTest(testtools.TestCase):
    def _pass(self, headers, **environ):
        seen = {}

        def application(environ, start_response):
            seen.update(environ)
            start_response('204 No Content', [])
            return []

        request = webob.Request.blank('/', headers=headers)
        request.environ.update(environ)
        request.get_response(
            request_id.RequestId(identity.NoAuthentication(application))
        )
        return seen

    def test_what_comes_from_outside_is_stripped(self):
        seen = self._pass(_SAID, REMOTE_USER='eve')
        self.assertNotIn('eve', seen.values())
        names = {
            f'HTTP_{name.upper().replace("-", "_")}' for name in _SAID
        } | {'REMOTE_USER'}
        self.assertEqual(set(), names & seen.keys())

    def test_other_headers_stay(self):
        seen = self._pass({'X-Forwarded-For': '1.2.3.4'})
        self.assertEqual('1.2.3.4', seen['HTTP_X_FORWARDED_FOR'])

    def test_everybody_is_an_admin(self):
        ctxt = self._pass(_SAID)[identity.CONTEXT_KEY]
        self.assertTrue(ctxt.is_admin)
        self.assertEqual(['admin'], ctxt.roles)
        self.assertIsNone(ctxt.user_id)
        self.assertIsNone(ctxt.project_id)
