"""Request and reply over kombu alone, with confirms as oslo.messaging has.

A thread of the client has a connection and a reply queue of its own, and
waits for one answer at a time: the least that a call over kombu can be.
"""

import json
import threading
import uuid
from collections.abc import Callable
from typing import Any

import kombu

from bench.messaging.sides import Side

_QUEUE = 'bench-kombu'


class Kombu(Side):
    def serve(self, url: str) -> None:
        thread = threading.Thread(target=_answer, args=(url,), daemon=True)
        thread.start()

    def connect(self, url: str) -> Callable[[], Any]:
        local = threading.local()

        def call() -> Any:
            if not hasattr(local, 'caller'):
                local.caller = _Caller(url)
            return local.caller.call()

        return call


class _Caller:
    def __init__(self, url: str) -> None:
        self._connection = _connect(url)
        self._reply = kombu.Queue(
            f'reply-{uuid.uuid4().hex}', exclusive=True, auto_delete=True
        )
        self._producer = self._connection.Producer()
        consumer = self._connection.Consumer(
            [self._reply], callbacks=[self._take], no_ack=True
        )
        consumer.consume()
        self._answer: Any = None

    def call(self) -> Any:
        self._answer = None
        self._producer.publish(
            json.dumps({'method': 'ping', 'args': {}}),
            routing_key=_QUEUE,
            reply_to=self._reply.name,
            delivery_mode=1,
        )
        while self._answer is None:
            self._connection.drain_events(timeout=10)
        return self._answer

    def _take(self, body: str, message: Any) -> None:
        self._answer = json.loads(body)


def _answer(url: str) -> None:
    connection = _connect(url)
    # Not the same one: it would take calls while it waits for a confirm.
    producer = _connect(url).Producer()

    def take(body: str, message: Any) -> None:
        message.ack()
        json.loads(body)
        producer.publish(
            json.dumps({'topic': 'conductor'}),
            routing_key=message.properties['reply_to'],
            delivery_mode=1,
        )

    queue = kombu.Queue(_QUEUE, durable=False)
    with connection.Consumer([queue], callbacks=[take]):
        while True:
            connection.drain_events()


def _connect(url: str) -> kombu.Connection:
    return kombu.Connection(
        url.replace('rabbit://', 'amqp://'),
        transport_options={'confirm_publish': True},
    )
