"""Replaces the body of an error by a list of errors, as in ironic."""

import json
from collections.abc import Callable, Iterable
from typing import Any


class ParsableErrorMiddleware:
    def __init__(self, app: Callable[..., Iterable[bytes]]) -> None:
        self._app = app

    def __call__(
        self, environ: dict[str, Any], start_response: Callable[..., Any]
    ) -> Iterable[bytes]:
        state: dict[str, Any] = {}

        def replacement(
            status: str, headers: list[tuple[str, str]], exc_info: Any = None
        ) -> Any:
            code = int(status.split(' ')[0])
            state['code'] = code
            if code // 100 in (2, 3):
                return start_response(status, headers, exc_info)
            state['start'] = (status, headers, exc_info)
            return None

        answer = self._app(environ, replacement)
        if 'start' not in state:
            return answer
        status, headers, exc_info = state['start']
        detail = b'\n'.join(answer).decode()
        body = json.dumps({'errors': [{'status': status, 'detail': detail}]})
        kept = [
            (name, value)
            for name, value in headers
            if name not in ('Content-Length', 'Content-Type')
        ]
        kept.append(('Content-Type', 'application/json'))
        kept.append(('Content-Length', str(len(body.encode()))))
        start_response(status, kept, exc_info)
        return [body.encode()]
