"""Serve simulated pod managers: the command valence-podm-simulator.

Exit status 0 after SIGTERM or SIGINT; 2, with one line on standard
error, when it cannot begin.
"""

import argparse
import asyncio
import json
import sys
import typing
from collections.abc import Sequence

if typing.TYPE_CHECKING:
    from valence.simulator import fleet

_PROGRAM = 'valence-podm-simulator'
_LAST_PORT = 65535
_MAX_SYSTEMS = 65536


class _Parser(argparse.ArgumentParser):
    def error(self, message: str) -> typing.NoReturn:
        """Say it in one line, without the usage."""
        _fail(message)


def _fail(message: str) -> typing.NoReturn:
    print(f'{_PROGRAM}: error: {message}', file=sys.stderr)
    sys.exit(2)


def _between(least: int, most: int) -> typing.Callable[[str], int]:
    def parse(text: str) -> int:
        value = int(text)
        if not least <= value <= most:
            raise argparse.ArgumentTypeError(
                f'{value} is not between {least} and {most}'
            )
        return value

    parse.__name__ = 'number'
    return parse


def _share(text: str) -> float:
    value = float(text)
    if not 0 <= value <= 1:
        raise argparse.ArgumentTypeError(f'{text} is not between 0 and 1')
    return value


_share.__name__ = 'number'


def _modes(text: str) -> dict[str, typing.Any]:
    value = json.loads(text)
    if not isinstance(value, dict):
        raise argparse.ArgumentTypeError(f'{text} is not a JSON object')
    return value


_modes.__name__ = 'JSON'


def _parser() -> argparse.ArgumentParser:
    from valence.simulator import personality

    parser = _Parser(
        prog=_PROGRAM,
        description='Serve simulated Redfish pod managers on 127.0.0.1.',
        formatter_class=argparse.ArgumentDefaultsHelpFormatter,
    )
    option = parser.add_argument
    milliseconds = _between(0, 3_600_000)
    option(
        '--port',
        type=_between(1, _LAST_PORT),
        default=9000,
        help='port of the first pod manager; the others follow it',
    )
    option(
        '--pods',
        type=_between(1, _LAST_PORT),
        default=1,
        help='number of pod managers',
    )
    option(
        '--systems',
        type=_between(0, _MAX_SYSTEMS),
        default=10,
        help='number of computer systems of each',
    )
    option(
        '--latency-ms',
        type=milliseconds,
        default=0,
        help='delay of each answer',
    )
    option(
        '--assembly-ms',
        type=milliseconds,
        default=300,
        help='time that a node takes to be assembled',
    )
    option(
        '--mode',
        choices=tuple(personality.PERSONALITIES),
        default='rsd',
        help='the kind of pod managers',
    )
    option('--username', default='admin', help='name of the one account')
    option('--password', default='admin', help='password of the account')
    option('--tls-cert', metavar='FILE', help='PEM certificate, for HTTPS')
    option('--tls-key', metavar='FILE', help='PEM key of the certificate')
    option(
        '--first-pod',
        type=_between(0, _LAST_PORT),
        default=0,
        help='number of the first pod, from which its UUIDs follow',
    )
    option(
        '--seed',
        type=int,
        default=0,
        help='seed of what happens by chance',
    )
    option(
        '--modes',
        type=_modes,
        default={},
        metavar='JSON',
        help='modes that all pod managers begin with',
    )
    option(
        '--some-modes',
        type=_modes,
        default={},
        metavar='JSON',
        help='modes that a share of them begins with besides',
    )
    option('--some', type=_share, default=0, help='that share, 0 to 1')
    return parser


def _parse(arguments: Sequence[str] | None) -> argparse.Namespace:
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.port + options.pods - 1 > _LAST_PORT:
        parser.error(
            f'{options.pods} pods from port {options.port} on go beyond '
            f'port {_LAST_PORT}'
        )
    if options.first_pod + options.pods - 1 > _LAST_PORT:
        parser.error(f'pods are numbered up to {_LAST_PORT}')
    if bool(options.tls_cert) != bool(options.tls_key):
        parser.error('--tls-cert and --tls-key go together')
    if bool(options.some_modes) != bool(options.some):
        parser.error('--some-modes and --some go together')
    return options


def _fleet(options: argparse.Namespace) -> 'fleet.Fleet':
    from valence.simulator import fleet, personality, pod, sockets

    settings = pod.Settings(
        systems=options.systems,
        latency_ms=options.latency_ms,
        assembly_ms=options.assembly_ms,
        username=options.username,
        password=options.password,
        personality=personality.PERSONALITIES[options.mode],
        seed=options.seed,
    )
    tls = None
    if options.tls_cert:
        tls = sockets.tls_context(options.tls_cert, options.tls_key)
    beginning = fleet.Beginning(
        modes=options.modes, some_modes=options.some_modes, some=options.some
    )
    try:
        return fleet.Fleet(
            options.pods,
            settings,
            port=options.port,
            tls=tls,
            first_pod=options.first_pod,
            beginning=beginning,
        )
    except ValueError as exc:
        _fail(str(exc))


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end."""
    options = _parse(arguments)
    try:
        # The HTTP library is an extra of the project.
        from valence.simulator import command
    except ModuleNotFoundError as exc:
        _fail(f'{exc.name} is missing; install valence[simulator]')
    from valence.simulator import sockets

    try:
        asyncio.run(command.serve(_fleet(options)))
    except sockets.Unavailable as exc:
        _fail(str(exc))
    return 0


if __name__ == '__main__':
    sys.exit(main())
