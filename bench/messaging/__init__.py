"""Three ways to call over RabbitMQ: ours, oslo.messaging's and kombu's.

Each side is a server process and a client process of its own: see
:mod:`bench.messaging.serve` and :mod:`bench.messaging.ask`.
"""
