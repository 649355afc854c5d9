"""The links that lead astray, one form after another."""

import urllib.parse

import testtools

from valence.simulator.modes import forms

OWN = 'http://podm.example:9000'
OTHER = 'http://evil.example:81'
PATH = '/redfish/v1/Systems/1'


class FormsTest(testtools.TestCase):
    def lead(self, form: str, link: str = PATH, own: str = OWN) -> str:
        return forms.lead(form, own, OTHER, link)

    def test_what_each_becomes(self) -> None:
        for form, link in (
            ('absolute', f'{OTHER}{PATH}'),
            ('scheme_relative', f'//evil.example:81{PATH}'),
            (
                'userinfo',
                f'http://podm.example:9000@evil.example:81{PATH}',
            ),
            ('other_scheme', f'https://podm.example:9000{PATH}'),
            ('other_port', f'http://podm.example:81{PATH}'),
            ('backslash', f'/\\evil.example:81{PATH}'),
            ('tab', f'/\t/evil.example:81{PATH}'),
            ('dots', f'{PATH}/../../../../../simulator/stats'),
        ):
            self.assertEqual(link, self.lead(form))

    def test_the_rest(self) -> None:
        crlf = self.lead('crlf')
        self.assertTrue(crlf.startswith(f'{PATH}\r\nHost: evil.example:81'))
        self.assertEqual(
            self.lead('dots'), urllib.parse.unquote(self.lead('encoded_dots'))
        )
        self.assertGreater(len(self.lead('long')), 50_000)

    def test_https_becomes_http(self) -> None:
        own = 'https://podm.example'
        found = self.lead('other_scheme', own=own)
        self.assertEqual(f'http://podm.example{PATH}', found)

    def test_port_of_a_url_without(self) -> None:
        for other, port in (('http://evil', 80), ('https://evil', 443)):
            found = forms.lead('other_port', OWN, other, PATH)
            self.assertEqual(f'http://podm.example:{port}{PATH}', found)

    def test_absolute_link(self) -> None:
        self.assertEqual(
            self.lead('absolute'), self.lead('absolute', f'{OWN}{PATH}')
        )

    def test_dots_leave_everything(self) -> None:
        for path in (PATH, '/redfish/v1/', '/redfish/v1'):
            found = urllib.parse.urljoin(OWN, self.lead('dots', path))
            self.assertEqual(f'{OWN}/simulator/stats', found)

    def test_in_a_header(self) -> None:
        for form in forms.FORMS:
            shown = forms.in_header(self.lead(form))
            self.assertTrue(shown.replace('\t', '').isprintable(), form)
        self.assertEqual('a%0d%0ab\tc', forms.in_header('a\r\nb\tc'))
