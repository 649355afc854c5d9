import testtools

from valence.common import http_links

ORIGIN = 'https://podm.example.com:8443'


class OriginTest(testtools.TestCase):
    def test_user_password_and_path_are_left_out(self):
        origin = http_links.origin_of(
            'https://me:secret@Podm.example.com:8443/redfish/v1?x=y'
        )
        self.assertEqual(ORIGIN, origin)

    def test_default_port_is_left_out(self):
        self.assertEqual(
            'https://[fe80::1]', http_links.origin_of('https://[fe80::1]:443/')
        )

    def test_no_url(self):
        for url in ('podm.example.com', 'ftp://x/', 'https://', 'http://[x'):
            self.assertRaises(ValueError, http_links.origin_of, url)

    def test_hosts(self):
        for host in (
            'podm',
            'podm.example.com',
            'PODM_1.example.com',
            '10.0.0.1',
            '1.example.com',
            '[fd00::1]',
            'xn--bcher-kva.example',
        ):
            origin = http_links.origin_of(f'https://{host}/')
            self.assertEqual(f'https://{host.lower()}', origin)

    def test_addresses_have_one_form(self):
        for host, known in (
            ('[0:0::1]', '[::1]'),
            ('[::FFFF:127.0.0.1]', '[::ffff:7f00:1]'),
        ):
            self.assertEqual(
                f'https://{known}', http_links.origin_of(f'https://{host}')
            )

    def test_no_hosts(self):
        for host in (
            '2130706433',
            '0x7f000001',
            '0x7f.1',
            '0177.0.0.1',
            '127.1',
            '127.0.1',
            '127.0.0.01',
            '127.0.0.256',
            '1.2.3.4.5',
            'podm.1',
            'podm.0x1',
            '127.0.0.1.',
            'podm.',
            '.podm',
            'a..b',
            'a' * 64,
            '.'.join(['a' * 60] * 5),
            'b\xfccher.example',
            '\uff11\uff12\uff17.0.0.1',
            '127\u30020\u30020\u30021',
            '\u2460.example',
            '127.0.0.1%2eexample',
            '%31%32%37.0.0.1',
            'a b',
            'a\\b',
            "a'b",
            '[fe80::1%eth0]',
            '[fe80::1%25eth0]',
            '[::1',
            '[podm]',
            '[127.0.0.1]',
            '[::1]x',
        ):
            self.assertRaises(
                ValueError, http_links.origin_of, f'http://{host}/'
            )


class PathTest(testtools.TestCase):
    def path_of(self, link):
        return http_links.path_of(link, ORIGIN, '/redfish/')

    def test_followed(self):
        for link, path in (
            ('/redfish/v1/Systems/1', '/redfish/v1/Systems/1'),
            ('/Redfish/V1/systems/1/', '/Redfish/V1/systems/1/'),
            (f'{ORIGIN}/redfish/v1/Nodes/1', '/redfish/v1/Nodes/1'),
            ('/redfish/v1/Storage/1#/Drives/0', '/redfish/v1/Storage/1'),
            ('/redfish/v1/Systems?$skip=50', '/redfish/v1/Systems?$skip=50'),
            ('/redfish/v1/Chassis/R%201', '/redfish/v1/Chassis/R%201'),
            *(
                (odd, odd)
                for odd in (
                    "/redfish/v1/a:b@c;d=e,f'(g)*+!$&~_.-",
                    '/redfish//v1///x',
                    '/redfish/v1/.x/..x/x..',
                    '/redfish/v1/\N{SNOWMAN}',
                )
            ),
        ):
            self.assertEqual(path, self.path_of(link))

    def test_not_followed(self):
        for link in (
            None,
            7,
            '',
            'redfish/v1/Systems/1',
            '/admin',
            '//evil.example.com/redfish/v1',
            'https://evil.example.com/redfish/v1/Systems/1',
            'http://podm.example.com:8443/redfish/v1/Systems/1',
            'https://podm.example.com/redfish/v1/Systems/1',
            'https://podm.example.com:8443@evil/redfish/v1/Systems/1',
            'javascript:/redfish/v1',
            'https://[/redfish/v1',
            '/redfish/../admin',
            '/redfish/v1/..',
            '/redfish/./v1',
            '/redfish/v1/\n',
            '/redfish/v1/%2e%2e/%2E%2E/admin',
            '/redfish/v1/%2e%2e%2fadmin',
            '/redfish/v1\\..\\admin',
            '/redfish/v1/\r\nHost: evil',
            '/redfish/v1/%0d%0aHost:%20evil',
            '/redfish/v1/' + 'x' * 2048,
        ):
            error = self.assertRaises(ValueError, self.path_of, link)
            self.assertNotIn('evil', str(error))
