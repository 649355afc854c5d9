"""Rings the bells of all topics again and again, in any order.

Usage: ``python -m tests.chaos.rig.ringer SEED COUNT CONFIG...``; prints
how many bells of each topic it has rung, with Valence's own bus.
"""

import collections
import contextlib
import json
import random
import sys

from valence.common import service
from valence.common.rpc import RpcBus
from valence.compute import rpcapi as compute
from valence.conductor import rpcapi as conductor
from valence.conf import CONF
from valence.network import rpcapi as network
from valence.storage import rpcapi as storage

_TOPICS = [compute.TOPIC, conductor.TOPIC, network.TOPIC, storage.TOPIC]


def main(seed: str, count: str, *config: str) -> None:
    service.configure('ringer', [f'--config-file={name}' for name in config])
    topics = random.Random(seed).choices(_TOPICS, k=int(count))
    with contextlib.closing(RpcBus(CONF)) as bus:
        for topic in topics:
            bus.ring(topic)
    print(json.dumps(collections.Counter(topics)), flush=True)


if __name__ == '__main__':
    main(*sys.argv[1:])
