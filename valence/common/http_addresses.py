"""Which addresses Valence connects to.

The url of a pod manager comes from a user, and what its name resolves to from
somebody else. Neither may lead Valence to this machine, to its neighbours on
the link, or to the metadata service of a cloud. Private networks are open:
pod managers live there.
"""

import ipaddress
from collections.abc import Iterable, Iterator, Sequence

Address = ipaddress.IPv4Address | ipaddress.IPv6Address
Network = ipaddress.IPv4Network | ipaddress.IPv6Network

#: The option that allows what is refused otherwise.
OPTION = '[http_client] allowed_networks'

#: This machine; for those whose pod managers are simulated on it.
LOOPBACK: tuple[Network, ...] = (
    ipaddress.IPv4Network('127.0.0.0/8'),
    ipaddress.IPv6Network('::1/128'),
)

_THIS_NETWORK = ipaddress.IPv4Network('0.0.0.0/8')
#: RFC 6052; what is behind the other translating prefixes nobody can tell.
_NAT64 = ipaddress.IPv6Network('64:ff9b::/96')
#: Of Amazon, Google, Oracle, Alibaba and Azure; link-local ones are refused
#: as such.
_METADATA = frozenset(
    map(
        ipaddress.ip_address,
        (
            '169.254.169.254',
            'fd00:ec2::254',
            'fd20:ce::254',
            '192.0.0.192',
            '100.100.100.200',
            '168.63.129.16',
        ),
    )
)


def networks(texts: Iterable[str]) -> tuple[Network, ...]:
    """Read networks in the notation of CIDR.

    :raises ValueError: names the one that is wrong.
    """
    return tuple(map(ipaddress.ip_network, texts))


def refusal(address: Address, allowed: Sequence[Network]) -> str | None:
    """Tell why an address is not connected to; None if it is.

    An address that stands for another one, which a tunnel or a translator
    would reach, is refused for the sake of either.

    :param allowed: networks that nothing is refused in.
    """
    address = _plain(address)
    if any(address in network for network in allowed):
        return None
    found = (_kind(each) for each in (address, *_inner(address)))
    return next((kind for kind in found if kind is not None), None)


def refusal_of(host: str, allowed: Sequence[Network]) -> str | None:
    """Tell why a host is not connected to, so far as its name tells.

    What is below ``localhost`` is this machine (RFC 6761).
    """
    address = literal(host)
    if host == 'localhost' or host.endswith('.localhost'):
        address = LOOPBACK[0][1]
    return None if address is None else refusal(address, allowed)


def literal(host: str) -> Address | None:
    """Give the address that a host is; None if it is a name."""
    try:
        return ipaddress.ip_address(host)
    except ValueError:
        return None


def _plain(address: Address) -> Address:
    if isinstance(address, ipaddress.IPv6Address):
        return address.ipv4_mapped or address
    return address


def _inner(address: Address) -> Iterator[Address]:
    """Yield the IPv4 addresses that an IPv6 address stands for."""
    if isinstance(address, ipaddress.IPv4Address):
        return
    if address.sixtofour is not None:
        yield address.sixtofour
    if address.teredo is not None:
        yield from address.teredo
    if address in _NAT64:
        yield ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF)


def _kind(address: Address) -> str | None:
    if address in _METADATA:
        return 'the metadata service of a cloud'
    if address.is_unspecified or address in _THIS_NETWORK:
        return 'unspecified'
    if address.is_loopback:
        return 'loopback'
    if address.is_link_local:
        return 'link-local'
    if address.is_multicast:
        return 'multicast'
    if address.is_reserved and address not in _NAT64:
        return 'reserved'
    return None
