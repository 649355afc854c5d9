"""The life of the command: listen, say so, wait for a signal, stop."""

import asyncio
import signal

from valence.simulator import fleet


def announcement(urls: list[str]) -> str:
    """Return the line that says where the pod managers are."""
    count = len(urls)
    if count == 1:
        return f'Serving 1 pod manager on {urls[0]}'
    between = ' ' if count == 2 else ' ... '
    return f'Serving {count} pod managers on {urls[0]}{between}{urls[-1]}'


async def serve(pods: fleet.Fleet) -> None:
    """Serve until SIGTERM or SIGINT.

    :raises sockets.Unavailable: when it cannot begin
    """
    ended = asyncio.Event()
    loop = asyncio.get_running_loop()
    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, ended.set)
    try:
        await pods.start()
        print(announcement(pods.urls), flush=True)
        await ended.wait()
    finally:
        await pods.stop()
