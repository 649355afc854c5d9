"""The mode in which a pod leads its clients astray.

Where it does so and in what form can be chosen one by one, so that a test
can go through every combination.
"""

import dataclasses
import typing

from valence.simulator import exchange
from valence.simulator.modes import base, forms, rewriting, values

_GOOD = 2
_ACCEPTED = 202
_FOUND = 302
_READS = frozenset({'GET', 'HEAD'})

# What is there in documents and in Location; a redirect would hide it.
_LINKS = (
    'members',
    'next',
    'own',
    'links',
    'actions',
    'created',
    'monitor',
    'session',
)
_NAMES = {'links': '@odata.id', 'actions': 'target', 'monitor': 'TaskMonitor'}

_FIELDS: values.Fields = {
    'url': (values.url, None),
    'where': (values.words(*_LINKS, 'get', 'post'), _LINKS),
    'form': (values.word(*forms.FORMS), 'absolute'),
    'status': (values.redirect, _FOUND),
}


class Hostile(base.Mode):
    """Where a pod leads to, in which places, and in which form."""

    name = 'hostile'

    def parse(self, value: typing.Any) -> typing.Any:
        """Return all fields."""
        return values.fields(self.name, value, _FIELDS)

    async def before(self, call: exchange.Call) -> exchange.Reply | None:
        """Redirect a request, or let it pass."""
        if not self._in('get' if call.method in _READS else 'post'):
            return None
        path = f'{call.path}?{call.query}' if call.query else call.path
        reply = exchange.Reply(self.value['status'])
        return rewriting.placed(reply, self._header(call, path))

    async def after(
        self, call: exchange.Call, reply: exchange.Reply
    ) -> exchange.Reply:
        """Change the links of a good answer."""
        if reply.status // 100 != _GOOD:
            return reply
        place = reply.headers.get('Location')
        if place and self._in(_kind(call, reply)):
            reply = rewriting.placed(reply, self._header(call, place))
        reply = rewriting.opened(reply)
        if not isinstance(reply.document, dict):
            return reply
        document = self._document(call, reply.document)
        return dataclasses.replace(reply, document=document)

    def _in(self, place: str) -> bool:
        return place in self.value['where']

    def _lead(self, call: exchange.Call, link: str) -> str:
        own = f'{call.scheme}://{call.headers.get("Host", "")}'
        return forms.lead(self.value['form'], own, self.value['url'], link)

    def _header(self, call: exchange.Call, link: str) -> str:
        return forms.in_header(self._lead(call, link))

    def _document(
        self, call: exchange.Call, document: exchange.Json
    ) -> exchange.Json:
        names = {name for place, name in _NAMES.items() if self._in(place)}

        def change(name: str, value: typing.Any) -> typing.Any:
            is_link = name in names and isinstance(value, str)
            return self._lead(call, value) if is_link else value

        shown = rewriting.changed(document, change)
        self._own('own', call, shown, document)
        members = document.get('Members')
        if isinstance(members, list):
            for mine, each in zip(shown['Members'], members, strict=True):
                self._own('members', call, mine, each)
            if self._in('next'):
                following = self._lead(call, f'{call.path}?page=1')
                shown['Members@odata.nextLink'] = following
        return shown

    def _own(
        self,
        place: str,
        call: exchange.Call,
        shown: exchange.Json,
        document: exchange.Json,
    ) -> None:
        """Set what a document says it is, which is no link of it."""
        own = document.get('@odata.id')
        if isinstance(own, str):
            leads = self._in(place)
            shown['@odata.id'] = self._lead(call, own) if leads else own


def _kind(call: exchange.Call, reply: exchange.Reply) -> str:
    if call.is_session:
        return 'session'
    return 'monitor' if reply.status == _ACCEPTED else 'created'
