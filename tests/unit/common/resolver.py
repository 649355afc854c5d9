"""A name that resolves to what a test wants it to."""

import socket
import threading

import fixtures

NAME = 'podm.example.com'


class Resolver(fixtures.Fixture):
    """Answers for one name, in place of the resolver of the system.

    ``answers`` is used up from its beginning, but for the last one.
    """

    def __init__(self, *answers):
        super().__init__()
        self.answers = list(answers)
        self.asked = 0
        self.go_on = threading.Event()
        self.go_on.set()

    def _setUp(self):
        self._system = socket.getaddrinfo
        self.useFixture(
            fixtures.MonkeyPatch('socket.getaddrinfo', self._resolve)
        )
        self.addCleanup(self.go_on.set)

    def _resolve(self, host, port, *args, **kwargs):
        if host != NAME:
            return self._system(host, port, *args, **kwargs)
        self.asked += 1
        self.go_on.wait(10)
        answers = self.answers
        found = answers.pop(0) if len(answers) > 1 else answers[0]
        if isinstance(found, Exception):
            raise found
        return [
            each
            for address in found
            for each in self._system(address, port, *args, **kwargs)
        ]
