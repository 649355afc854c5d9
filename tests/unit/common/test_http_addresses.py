import ipaddress

import testtools

from valence.common import http_addresses


def refusal(text, *allowed):
    return http_addresses.refusal(
        ipaddress.ip_address(text), http_addresses.networks(allowed)
    )


class RefusalTest(testtools.TestCase):
    def test_where_pod_managers_live(self):
        for text in (
            '10.1.2.3',
            '172.16.0.1',
            '192.168.1.1',
            '100.64.0.1',
            '8.8.8.8',
            'fd12:3456::1',
            '2001:4860:4860::8888',
            '::ffff:10.1.2.3',
            '64:ff9b::10.1.2.3',
            '2002:a01:203::1',
        ):
            self.assertIsNone(refusal(text), text)

    def test_where_they_do_not(self):
        for text, kind in (
            ('127.0.0.1', 'loopback'),
            ('127.255.255.254', 'loopback'),
            ('::1', 'loopback'),
            ('0.0.0.0', 'unspecified'),  # noqa: S104
            ('0.1.2.3', 'unspecified'),
            ('::', 'unspecified'),
            ('169.254.1.1', 'link-local'),
            ('fe80::1', 'link-local'),
            ('fe80::1%eth0', 'link-local'),
            ('224.0.0.1', 'multicast'),
            ('239.255.255.255', 'multicast'),
            ('ff02::1', 'multicast'),
            ('240.0.0.1', 'reserved'),
            ('255.255.255.255', 'reserved'),
            ('::127.0.0.1', 'reserved'),
            ('64:ff9b:1::7f00:1', 'reserved'),
            ('169.254.169.254', 'the metadata service of a cloud'),
            ('fd00:ec2::254', 'the metadata service of a cloud'),
            ('100.100.100.200', 'the metadata service of a cloud'),
        ):
            self.assertEqual(kind, refusal(text), text)

    def test_in_disguise(self):
        for text, kind in (
            ('::ffff:127.0.0.1', 'loopback'),
            ('::ffff:169.254.169.254', 'the metadata service of a cloud'),
            ('::ffff:0:0', 'unspecified'),
            ('2002:7f00:1::', 'loopback'),
            ('2002:a9fe:a9fe::1', 'the metadata service of a cloud'),
            ('64:ff9b::7f00:1', 'loopback'),
            ('64:ff9b::a9fe:a9fe', 'the metadata service of a cloud'),
            # Teredo: the server, and the client with its bits turned over.
            ('2001:0:7f00:1::', 'loopback'),
            ('2001:0:808:808:0:0:80ff:fffe', 'loopback'),
        ):
            self.assertEqual(kind, refusal(text), text)

    def test_allowed(self):
        self.assertIsNone(refusal('127.0.0.1', '10.0.0.0/8', '127.0.0.0/8'))
        self.assertIsNone(refusal('169.254.169.254', '169.254.169.254'))
        self.assertIsNone(refusal('fe80::1', 'fe80::/10'))
        # It is the same address, written in another way.
        self.assertIsNone(refusal('::ffff:127.0.0.1', '127.0.0.0/8'))

    def test_allowed_elsewhere(self):
        self.assertEqual('loopback', refusal('127.0.0.1', '127.0.0.2/32'))
        self.assertEqual('loopback', refusal('::1', '127.0.0.0/8'))
        # What a tunnel leads to is another host's loopback.
        self.assertEqual('loopback', refusal('2002:7f00:1::', '127.0.0.0/8'))


class HostTest(testtools.TestCase):
    def refusal_of(self, host, *allowed):
        return http_addresses.refusal_of(
            host, http_addresses.networks(allowed)
        )

    def test_addresses(self):
        self.assertEqual('loopback', self.refusal_of('127.0.0.1'))
        self.assertEqual('link-local', self.refusal_of('fe80::1'))
        self.assertIsNone(self.refusal_of('192.168.0.1'))

    def test_this_machine_by_name(self):
        for host in ('localhost', 'a.localhost'):
            self.assertEqual('loopback', self.refusal_of(host))
            self.assertIsNone(self.refusal_of(host, '127.0.0.0/8'))

    def test_names_are_not_resolved(self):
        self.assertIsNone(self.refusal_of('localhost.example.com'))
        self.assertIsNone(self.refusal_of('podm.invalid'))


class NetworksTest(testtools.TestCase):
    def test_wrong(self):
        for text in ('127.0.0.1/8', 'localhost', '10.0.0.0/33', ''):
            self.assertRaises(ValueError, http_addresses.networks, [text])
