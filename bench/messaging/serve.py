"""Answer calls: ``python -m bench.messaging.serve <side> <url>``."""

import signal
import sys

from bench.messaging.chosen import SIDES

if __name__ == '__main__':
    side, url = sys.argv[1:]
    SIDES[side]().serve(url)
    print('ready', flush=True)
    signal.pause()
