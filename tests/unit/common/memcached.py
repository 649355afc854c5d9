"""As much of memcached as its clients need to get and to set."""

import socketserver
import threading

import fixtures


class Memcached(fixtures.Fixture):
    """:ivar kept: flags and value by key, as they were sent.

    :ivar deaf: whether it takes connections and says nothing.
    """

    def _setUp(self):
        self.kept = {}
        self.deaf = False
        self._ended = threading.Event()
        made = self

        class Handler(socketserver.StreamRequestHandler):
            def handle(self):
                while line := self.rfile.readline():
                    if made.deaf:
                        made._ended.wait(60)
                        return
                    self.wfile.write(made._answer(line.split(), self.rfile))

        self._server = socketserver.ThreadingTCPServer(
            ('127.0.0.1', 0), Handler
        )
        self._server.daemon_threads = True
        self.port = self._server.server_address[1]
        self.addCleanup(self._server.server_close)
        self.addCleanup(self._server.shutdown)
        self.addCleanup(self._ended.set)
        threading.Thread(
            target=self._server.serve_forever, daemon=True
        ).start()

    def _answer(self, words, sent):
        if words[0] == b'set':
            value = sent.read(int(words[4]) + 2)[:-2]
            self.kept[words[1]] = int(words[2]), value
            return b'STORED\r\n'
        answer = b''
        for key in words[1:]:
            if key in self.kept:
                flags, value = self.kept[key]
                answer += b'VALUE %b %d %d\r\n%b\r\n' % (
                    key,
                    flags,
                    len(value),
                    value,
                )
        return answer + b'END\r\n'
