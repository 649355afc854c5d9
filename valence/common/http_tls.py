"""Whom Valence takes for a pod manager: TLS, and what a certificate is to be.

A certificate is verified by what the system trusts, by the certificates of
the pod manager's record, or by its fingerprint. No variable of the
environment has a say in it, and no version of TLS below 1.2 is spoken.
"""

import functools
import hashlib
import os
import re
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from valence.common import exception, http_deadline, http_failure
from valence.common.http_links import Origin

_FINGERPRINT = re.compile(r'[0-9A-F]{64}|[0-9A-F]{2}(:[0-9A-F]{2}){31}')
#: OpenSSL's words for a server that speaks only what nobody should.
_TOO_OLD = frozenset(
    {
        'TLSV1_ALERT_PROTOCOL_VERSION',
        'UNSUPPORTED_PROTOCOL',
        'VERSION_TOO_LOW',
        'WRONG_SSL_VERSION',
    }
)


@dataclass(frozen=True, slots=True)
class Trust:
    """What a server's certificate has to be.

    :ivar verify: False takes any; the rest has no meaning then.
    :ivar ca: certificates as PEM, in place of those that the system trusts.
    :ivar fingerprint: SHA-256 of the certificate, as :func:`read_fingerprint`
        gives it. It need not be verified otherwise, unless there is a ``ca``.
    """

    verify: bool = True
    ca: str | None = None
    fingerprint: str | None = None

    @classmethod
    def of(cls, tls: Mapping[str, Any] | None) -> 'Trust':
        """Read the ``tls`` of a pod manager's record."""
        tls = tls or {}
        return cls(
            verify=tls.get('verify') is not False,
            ca=tls.get('ca'),
            fingerprint=tls.get('fingerprint'),
        )


#: By what the system trusts.
SYSTEM = Trust()


def read_fingerprint(text: str) -> str:
    """Give a fingerprint in its one form, ``AA:BB:...``.

    :param text: 64 hexadecimal digits, or 32 pairs of them between colons.
    :raises ValueError: if it is none.
    """
    upper = text.upper()
    if not text.isascii() or not _FINGERPRINT.fullmatch(upper):
        raise ValueError(
            'must be a SHA-256 fingerprint: 64 hexadecimal digits, with or '
            'without colons'
        )
    return bytes.fromhex(upper.replace(':', '')).hex(':').upper()


def check_certificates(pem: str) -> None:
    """Make sure that a text is certificates as PEM, and nothing secret.

    :raises ValueError: if it is not.
    """
    if 'PRIVATE KEY' in pem:
        raise ValueError('must not hold a private key')
    try:
        _context(Trust(ca=pem))
    except (ssl.SSLError, ValueError):
        raise ValueError('must be certificates as PEM') from None


class Tls:
    """Makes connections to one server secure. Thread-safe.

    :raises PodManagerUntrusted: if the certificates of the record are none.
    """

    def __init__(self, origin: Origin, trust: Trust) -> None:
        self._origin = origin
        self._fingerprint = trust.fingerprint if trust.verify else None
        try:
            self._context = _context(trust)
        except (ssl.SSLError, ValueError):
            raise self._untrusted(
                'the CA certificates of its record cannot be read'
            ) from None

    def secure(self, sock: socket.socket) -> ssl.SSLSocket:
        """Speak TLS on a connection; nothing else has been sent on it.

        :raises PodManagerUntrusted: if the server is not to be trusted.
        :raises PodManagerUnreachable: if it does not speak TLS, or not now.
        :raises Lost: if it drops the connection.
        :raises TimeoutError: if the deadline is over.
        """
        try:
            sock.settimeout(http_deadline.remaining())
            secured = self._context.wrap_socket(
                sock, server_hostname=self._origin.host
            )
        except TimeoutError:
            raise
        except ssl.SSLCertVerificationError as error:
            raise self._untrusted(error.verify_message.rstrip('.')) from None
        except ssl.SSLError as error:
            raise self._none(error) from None
        except OSError as error:
            reason = http_failure.reason_of(error)
            raise http_failure.Lost(reason, sent=False) from None
        self._check_fingerprint(secured)
        return secured

    def _check_fingerprint(self, secured: ssl.SSLSocket) -> None:
        if self._fingerprint is None:
            return
        certificate = secured.getpeercert(binary_form=True) or b''
        seen = hashlib.sha256(certificate).hexdigest()
        if seen != self._fingerprint.replace(':', '').lower():
            secured.close()
            raise self._untrusted(
                f'its fingerprint is {read_fingerprint(seen)}, and not that '
                'of its record'
            )

    def _none(self, error: ssl.SSLError) -> exception.PodManagerError:
        reason = error.reason or 'unknown error'
        if reason in _TOO_OLD:
            return self._untrusted(
                'there is no version of the TLS protocol, 1.2 at least, that '
                'both sides speak'
            )
        return exception.PodManagerUnreachable(
            url=str(self._origin),
            reason=f'no TLS: {reason.replace("_", " ").lower()}',
        )

    def _untrusted(self, reason: str) -> exception.PodManagerUntrusted:
        return exception.PodManagerUntrusted(
            url=str(self._origin), reason=reason
        )


def _context(trust: Trust) -> ssl.SSLContext:
    """Build what OpenSSL wants to know.

    :raises ssl.SSLError: if a ``ca`` holds no certificate.
    :raises ValueError: the same.
    """
    context = _base()
    if not trust.verify or (trust.fingerprint and trust.ca is None):
        context.check_hostname = False
        context.verify_mode = ssl.CERT_NONE
    elif trust.ca is not None:
        # What the record names is trusted, be it an authority or not.
        if not trust.ca.isascii():
            raise ValueError('PEM is ASCII')
        context.verify_flags |= ssl.VERIFY_X509_PARTIAL_CHAIN
        context.load_verify_locations(cadata=trust.ca)
    else:
        return _system()
    return context


def _base() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.set_alpn_protocols(['http/1.1'])
    return context


def _system() -> ssl.SSLContext:
    """Give what trusts as the system does.

    ``load_default_certs`` would do so too, but for ``SSL_CERT_FILE``.
    """
    paths = ssl.get_default_verify_paths()
    places = [
        (place, os.stat(place).st_mtime_ns)
        if os.access(place, os.R_OK)
        else None
        for place in (paths.openssl_cafile, paths.openssl_capath)
    ]
    return _system_of(*places)


@functools.lru_cache(maxsize=1)
def _system_of(
    file: tuple[str, int] | None, directory: tuple[str, int] | None
) -> ssl.SSLContext:
    """Load the certificates of the system.

    They take 0.8 MiB, and 40 ms of CPU to read, and are the same for all pod
    managers: there is one context for as long as they do not change.
    """
    context = _base()
    if file or directory:
        context.load_verify_locations(
            file and file[0], directory and directory[0]
        )
    return context
