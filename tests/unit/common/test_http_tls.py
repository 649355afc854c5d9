import hashlib
import os
import pathlib
import socket
import ssl
import threading
import time

import fixtures
import testtools

from tests.unit.common import tls
from tests.unit.common.calling import BIT, PATH, HttpClientTest
from tests.unit.common.resolver import NAME, Resolver
from tests.unit.podm import scripted
from valence.common import exception, http_tls

HOST = '127.0.0.1'
WRONG = ':'.join(['AB'] * 32)


def fingerprint(pem):
    digest = hashlib.sha256(ssl.PEM_cert_to_DER_cert(pem)).hexdigest()
    return http_tls.read_fingerprint(digest)


class TrustTest(HttpClientTest):
    """Who is trusted is sent a request, and nobody else a byte of it."""

    def setUp(self):
        super().setUp()
        self.authority = tls.Authority()
        self.ours = http_tls.Trust(ca=self.authority.pem)

    def listener(self, *names, **more):
        context = self.authority.context(*(names or [HOST]), **more)
        return self.useFixture(tls.Listener(context))

    def assertTrusted(self, listener, trust):
        for method in ('GET', 'POST'):
            client = self.client(listener.url, trust=trust)
            self.assertEqual(200, client.send(method, PATH).status)
            client.close()
            self.assertIn(method.encode(), listener.received)

    def assertUntrusted(self, listener, trust, *reasons):
        for method in ('GET', 'POST'):
            client = self.client(listener.url, trust=trust)
            error = self.assertFails(
                exception.PodManagerUntrusted, method, client=client
            )
            self.assertEqual('podm_tls_untrusted', error.error_code)
            for reason in reasons:
                self.assertIn(reason, str(error))
        self.assertEqual(b'', listener.received)

    # By an authority

    def test_right_authority(self):
        self.assertTrusted(self.listener(), self.ours)

    def test_certificate_itself(self):
        """What the record names need not be an authority."""
        context = self.authority.context(HOST)
        listener = self.useFixture(tls.Listener(context))
        trust = http_tls.Trust(ca=context.certificate)
        self.assertTrusted(listener, trust)

    def test_one_of_two_authorities(self):
        both = tls.Authority().pem + self.authority.pem
        self.assertTrusted(self.listener(), http_tls.Trust(ca=both))

    def test_wrong_authority(self):
        trust = http_tls.Trust(ca=tls.Authority().pem)
        self.assertUntrusted(
            self.listener(), trust, 'unable to get local issuer certificate'
        )

    def test_authority_that_the_system_does_not_know(self):
        self.assertUntrusted(
            self.listener(),
            http_tls.SYSTEM,
            'unable to get local issuer certificate',
        )

    def test_expired(self):
        listener = self.listener(expired=True)
        self.assertUntrusted(listener, self.ours, 'has expired')

    def test_another_host(self):
        listener = self.listener(NAME)
        self.assertUntrusted(listener, self.ours, 'not valid for', HOST)

    def test_by_name(self):
        self.useFixture(Resolver([HOST]))
        listener = self.listener(NAME)
        listener.url = f'https://{NAME}:{listener.port}'
        self.assertTrusted(listener, self.ours)
        self.assertEqual({NAME}, set(listener.names))

    def test_no_certificates(self):
        for ca in ('/etc/ssl/certs/ca.pem', 'Nö', WRONG):
            self.assertUntrusted(
                self.listener(),
                http_tls.Trust(ca=ca),
                'the CA certificates of its record cannot be read',
            )

    # By a fingerprint

    def test_right_fingerprint(self):
        for more in ({}, {'expired': True}):
            context = self.authority.context('another.example.com', **more)
            listener = self.useFixture(tls.Listener(context))
            seen = fingerprint(context.certificate)
            self.assertTrusted(listener, http_tls.Trust(fingerprint=seen))

    def test_wrong_fingerprint(self):
        context = self.authority.context(HOST)
        listener = self.useFixture(tls.Listener(context))
        seen = fingerprint(context.certificate)
        for trust in (
            http_tls.Trust(fingerprint=WRONG),
            http_tls.Trust(fingerprint=WRONG, ca=self.authority.pem),
        ):
            self.assertUntrusted(listener, trust, 'fingerprint', seen)

    def test_both(self):
        context = self.authority.context(HOST)
        listener = self.useFixture(tls.Listener(context))
        seen = fingerprint(context.certificate)
        right = http_tls.Trust(fingerprint=seen, ca=self.authority.pem)
        self.assertTrusted(listener, right)
        wrong = http_tls.Trust(fingerprint=seen, ca=tls.Authority().pem)
        other = self.useFixture(tls.Listener(context))
        self.assertUntrusted(other, wrong, 'issuer')

    # By what the system trusts, or not at all

    def test_not_verified(self):
        trust = http_tls.Trust(verify=False)
        self.assertTrusted(self.listener(NAME, expired=True), trust)

    # What else is no trust

    def file(self):
        """Give the path of a file with the authority's certificate."""
        directory = pathlib.Path(self.useFixture(fixtures.TempDir()).path)
        path = directory / 'ca.pem'
        path.write_text(self.authority.pem)
        return path

    def system(self):
        """Have the system trust what is in a file; give its path."""
        path = self.file()
        paths = ssl.get_default_verify_paths()._replace(
            openssl_cafile=str(path), openssl_capath='/nowhere'
        )
        self.useFixture(
            fixtures.MonkeyPatch('ssl.get_default_verify_paths', lambda: paths)
        )
        return path

    def test_what_the_system_trusts_is_read_anew_when_it_has_changed(self):
        path = self.system()
        listener = self.listener()
        self.assertTrusted(listener, http_tls.SYSTEM)
        path.write_text(tls.Authority().pem)
        later = time.time() + 1
        os.utime(path, (later, later))
        self.assertUntrusted(self.listener(), http_tls.SYSTEM, 'issuer')

    def test_what_the_system_trusts(self):
        self.system()
        self.assertTrusted(self.listener(), http_tls.SYSTEM)
        other = self.listener(NAME)
        self.assertUntrusted(other, http_tls.SYSTEM, 'not valid for')

    def test_environment_is_not_asked(self):
        path = self.file()
        for name in (
            'SSL_CERT_FILE',
            'REQUESTS_CA_BUNDLE',
            'CURL_CA_BUNDLE',
        ):
            self.useFixture(fixtures.EnvironmentVariable(name, str(path)))
        self.useFixture(
            fixtures.EnvironmentVariable('SSL_CERT_DIR', str(path.parent))
        )
        self.assertUntrusted(self.listener(), http_tls.SYSTEM, 'issuer')

    def test_old_versions(self):
        context = self.authority.context(HOST)
        context.set_ciphers('DEFAULT:@SECLEVEL=0')
        context.minimum_version = ssl.TLSVersion.TLSv1
        context.maximum_version = ssl.TLSVersion.TLSv1_1
        listener = self.useFixture(tls.Listener(context))
        for trust in (self.ours, http_tls.Trust(verify=False)):
            self.assertUntrusted(listener, trust, 'TLS protocol, 1.2 at least')

    def test_oldest_version_that_is_spoken(self):
        context = self.authority.context(HOST)
        context.maximum_version = ssl.TLSVersion.TLSv1_2
        listener = self.useFixture(tls.Listener(context))
        self.assertTrusted(listener, self.ours)


class NoTlsTest(HttpClientTest):
    def test_plain_http(self):
        listener = self.useFixture(tls.Listener(None))
        client = self.client(listener.url)
        error = self.assertFails(
            exception.PodManagerUnreachable, client=client
        )
        self.assertIn('no TLS: wrong version number', str(error))

    def test_not_in_time(self):
        with socket.create_server((HOST, 0)) as silent:
            port = silent.getsockname()[1]
            client = self.client(f'https://{HOST}:{port}', connect_timeout=0.3)
            with scripted.Stopwatch() as watch:
                error = self.assertFails(
                    exception.PodManagerUnreachable, client=client
                )
        self.assertIn('no TLS in time', str(error))
        self.assertLess(watch.seconds, 0.3 + BIT)

    def test_dropped(self):
        """A change that was never sent cannot have taken effect."""
        with socket.create_server((HOST, 0)) as listener:
            dropper = threading.Thread(
                target=lambda: listener.accept()[0].close()
            )
            dropper.start()
            port = listener.getsockname()[1]
            self.assertFails(
                exception.PodManagerUnreachable,
                'POST',
                client=self.client(f'https://{HOST}:{port}'),
            )
            dropper.join()


class TextTest(testtools.TestCase):
    def test_fingerprints(self):
        wanted = ':'.join(['0A'] * 32)
        for text in (
            wanted,
            wanted.lower(),
            wanted.replace(':', ''),
            '0a' * 32,
        ):
            self.assertEqual(wanted, http_tls.read_fingerprint(text))

    def test_no_fingerprints(self):
        for text in (
            '',
            '0A' * 31,
            '0A' * 33,
            '0A' * 20,
            '0G' * 32,
            WRONG + ':',
            WRONG + '\n',
            WRONG.replace(':', ' '),
            '١' * 64,
            f'sha256 Fingerprint={WRONG}',
        ):
            error = self.assertRaises(
                ValueError, http_tls.read_fingerprint, text
            )
            self.assertIn('SHA-256', str(error))

    def test_certificates(self):
        pem = tls.Authority().pem
        http_tls.check_certificates(pem)
        http_tls.check_certificates(pem + tls.Authority().pem)
        http_tls.check_certificates('A comment.\n' + pem)

    def test_no_certificates(self):
        certificate = tls.Authority().pem
        for text in ('', 'x', '/etc/ssl/ca.pem', certificate[:-60], 'Nö'):
            error = self.assertRaises(
                ValueError, http_tls.check_certificates, text
            )
            self.assertIn('as PEM', str(error))

    def test_no_keys(self):
        both = tls.Authority().pem + '-----BEGIN EC PRIVATE KEY-----\n'
        error = self.assertRaises(
            ValueError, http_tls.check_certificates, both
        )
        self.assertIn('private key', str(error))

    def test_records(self):
        for record, trust in (
            (None, http_tls.SYSTEM),
            ({}, http_tls.SYSTEM),
            ({'verify': True, 'ca': None}, http_tls.SYSTEM),
            ({'verify': None}, http_tls.SYSTEM),
            ({'verify': False}, http_tls.Trust(verify=False)),
            ({'ca': 'x'}, http_tls.Trust(ca='x')),
            ({'fingerprint': WRONG}, http_tls.Trust(fingerprint=WRONG)),
        ):
            self.assertEqual(trust, http_tls.Trust.of(record))
