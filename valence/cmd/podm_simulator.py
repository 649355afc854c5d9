"""Serve simulated pod managers: the command valence-podm-simulator.

Exit status 0 after SIGTERM or SIGINT; 2, with one line on standard
error, when it cannot begin.
"""

import argparse
import asyncio
import sys
import typing
from collections.abc import Sequence

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


def _parser() -> argparse.ArgumentParser:
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
        choices=('rsd', 'plain'),
        default='rsd',
        help='Intel RSD pod managers, or Redfish without composition',
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
    return options


def main(arguments: Sequence[str] | None = None) -> int:
    """Serve until told to end."""
    options = _parse(arguments)
    try:
        # The HTTP library is an extra of the project.
        from valence.simulator import command
    except ModuleNotFoundError as exc:
        _fail(f'{exc.name} is missing; install valence[simulator]')
    from valence.simulator import fleet, personality, pod, sockets

    settings = pod.Settings(
        systems=options.systems,
        latency_ms=options.latency_ms,
        assembly_ms=options.assembly_ms,
        username=options.username,
        password=options.password,
        personality=personality.PERSONALITIES[options.mode],
    )
    try:
        tls = None
        if options.tls_cert:
            tls = sockets.tls_context(options.tls_cert, options.tls_key)
        pods = fleet.Fleet(
            options.pods,
            settings,
            port=options.port,
            tls=tls,
            first_pod=options.first_pod,
        )
        asyncio.run(command.serve(pods))
    except sockets.Unavailable as exc:
        _fail(str(exc))
    return 0


if __name__ == '__main__':
    sys.exit(main())
