"""Answers of a server, and what an error answer says.

Servers send errors in the shape of Redfish, in shapes that resemble it, as a
bare string, as a page of HTML, or not at all.
"""

import email.utils
import http
import re
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from valence.common import exception, http_json

REDIRECTS = frozenset({301, 302, 303, 307, 308})

#: Bounds of what is kept of an error: it is stored and shown.
MAX_REASONS = 64
MAX_LENGTH = 4096

_TITLE = re.compile(r'<(title|h1)[^>]*>(.*?)</\1>', re.IGNORECASE | re.DOTALL)
_TAG = re.compile(r'<[^>]*>')
_EXTENDED = '@Message.ExtendedInfo'


@dataclass(frozen=True, slots=True)
class Answer:
    """An answer, whatever its status."""

    status: int
    path: str
    headers: Mapping[str, str]
    body: bytes

    def document(self) -> Any:
        """Give the JSON of the body; None where it is none, or too deep."""
        try:
            return http_json.loads(self.body)
        except ValueError:
            return None

    def retry_after(self, default: float) -> float:
        """Give the seconds that the server asks to wait before a repeat."""
        value = self.headers.get('Retry-After', '')
        if value.isdecimal():
            return float(value)
        try:
            moment = email.utils.parsedate_to_datetime(value).timestamp()
        except (ValueError, OverflowError):
            return default
        return max(moment - time.time(), default)


def refused(
    url: str, method: str, answer: Answer, masked: Callable[[str], str]
) -> exception.PodManagerError:
    """Give the error for an answer that is not a good one.

    :param url: of the server.
    :param masked: gives a text of the server without our secrets.
    """
    refusal = read_refusal(answer.status, answer.body, masked)
    if answer.status == 401:
        return exception.PodManagerUnauthorized(
            url=url, reasons=refusal.reasons
        )
    if answer.status == 403:
        return exception.PodManagerForbidden(url=url, reasons=refusal.reasons)
    kind = exception.PodManagerRefused
    if answer.status in (404, 410):
        kind = exception.PodManagerResourceMissing
    reason = refusal.reason
    if answer.status in REDIRECTS:
        reason = 'this redirect is not followed'
    return kind(
        url=url,
        answer=answer.status,
        method=method,
        path=answer.path,
        reason=reason,
        codes=refusal.codes,
        reasons=refusal.reasons,
    )


@dataclass(frozen=True, slots=True)
class Refusal:
    """An error answer.

    :ivar reason: the one sentence that says most.
    :ivar reasons: the messages of its ExtendedInfo, whole.
    :ivar codes: its code and its message ids.
    """

    reason: str
    reasons: list[str] = field(default_factory=list)
    codes: list[str] = field(default_factory=list)


def read_refusal(
    status: int, body: bytes, masked: Callable[[str], str] = str
) -> Refusal:
    """Read an error answer, whatever it looks like.

    :param masked: gives a text without our secrets.
    """

    def told(text: str) -> str:
        # In this order: of a secret that is cut a part would be left.
        return masked(text)[:MAX_LENGTH]

    try:
        document = http_json.loads(body)
    except ValueError:
        text = _plain(masked(body.decode('utf-8', 'replace')))
        return Refusal(text or _phrase(status))
    if isinstance(document, dict):
        document = document.get('error', document)
    if isinstance(document, str):
        return Refusal(told(document) or _phrase(status))
    if not isinstance(document, dict):
        return Refusal(_phrase(status))
    return _structured(status, document, told)


def _structured(
    status: int, error: dict[str, Any], told: Callable[[str], str]
) -> Refusal:
    infos = error.get(_EXTENDED) or []
    if not isinstance(infos, list):
        infos = [infos]
    reasons: list[str] = []
    codes = [error.get('code')]
    for info in infos[:MAX_REASONS]:
        if isinstance(info, str):
            reasons.append(told(info))
        elif isinstance(info, dict):
            codes.append(info.get('MessageId'))
            if isinstance(info.get('Message'), str):
                reasons.append(told(info['Message']))
    ids = [told(code) for code in codes if isinstance(code, str)]
    message = error.get('message')
    if isinstance(message, str) and message:
        reason = told(message)
    else:
        reason = next(iter(reasons + ids), _phrase(status))
    return Refusal(reason, reasons, ids)


def _plain(text: str) -> str:
    title = _TITLE.search(text)
    if title:
        text = title.group(2)
    return ' '.join(_TAG.sub(' ', text).split())[:200]


def _phrase(status: int) -> str:
    try:
        return http.HTTPStatus(status).phrase
    except ValueError:
        return 'no reason given'
