"""Composed nodes as members of a collection, whatever they are made of."""

import abc
import itertools

from valence.common import exception
from valence.objects import hardware
from valence.objects.requirements import Requirements
from valence.objects.resource import url_key
from valence.podm.redfish import monitors, parse
from valence.podm.redfish.service import Service
from valence.podm.redfish.snapshot import Snapshot
from valence.podm.redfish.systems import SystemsCompute

#: Where our tag may be.
_TAGGED = ('Name', 'Description')


class CollectedNodes(SystemsCompute):
    """Compute with nodes, which can be found again.

    :param collection: path of the collection that they are in.
    """

    def __init__(self, service: Service, collection: str) -> None:
        super().__init__(service)
        self._collection = collection

    @property
    def composes(self) -> bool:
        return True

    def check(self, requirements: Requirements) -> None:
        """Make sure that all that is wanted can be asked for here.

        :raises NoMatchingSystem: if it cannot.
        """
        if requirements.pci_device is not None:
            raise exception.NoMatchingSystem(
                detail=f'Pod Manager at {self._service.client.url} cannot be '
                'asked for pci_device.'
            )

    @abc.abstractmethod
    def read(self, document: parse.Document) -> hardware.ComposedNode | None:
        """Give a member itself; None if it is no node."""

    def find_node(self, tag: str) -> str | None:
        word = parse.word(tag)

        def match(document: parse.Document) -> bool:
            texts = map(document.text, _TAGGED)
            return any(word.search(text or '') for text in texts)

        documents = self._members()
        found = itertools.compress(documents, map(match, documents))
        return next((each.url() for each in found if self.read(each)), None)

    def find_pending(self, tag: str) -> hardware.Pending | None:
        return monitors.find_pending(self._service, tag)

    def list_nodes(self) -> list[hardware.ComposedNode]:
        found = map(self.read, self._members())
        return [node for node in found if node is not None]

    def has_node(self, url: str) -> bool:
        # Some answer for what they have deleted, but list it no more.
        return self._lists(url) and super().has_node(url)

    def is_gone(self, url: str, error: exception.PodManagerRefused) -> bool:
        """Tell whether a refusal is for the reason that a node is gone.

        Some answer 500 for what is missing.
        """
        if isinstance(error, exception.PodManagerResourceMissing):
            return True
        return error.kwargs['answer'] == 500 and not self._lists(url)  # noqa: PLR2004

    def _lists(self, url: str) -> bool:
        members = self._service.members(self._collection)
        return parse.same(url, members) is not None

    def get_node(self, url: str) -> hardware.ComposedNode:
        return self.node_at(url)[1]

    def node_at(
        self, url: str
    ) -> tuple[parse.Document, hardware.ComposedNode]:
        """Read a node, as it was sent and as it is understood.

        :raises PodManagerResourceMissing: if it is gone, or no node.
        """
        document = self._service.get(url)
        node = self.read(document)
        if node is None:
            raise exception.PodManagerResourceMissing(
                url=self._service.client.url,
                answer=200,
                method='GET',
                path=url,
                reason='it is not a composed node any more',
                codes=[],
                reasons=[],
            )
        return document, node

    def found(self, tag: str, asked: str) -> str:
        """Give the url of a new node that its maker did not tell.

        :param asked: the path that was asked for it.
        :raises PodManagerMalformed: if there is none.
        """
        url = self.find_node(tag)
        if url is None:
            raise self._service.client.malformed(
                asked, 'it tells of no new node'
            )
        return url

    def _members(self) -> list[parse.Document]:
        """Read all members, but those that vanish meanwhile."""
        service = Snapshot(self._service)
        service.load(self._collection, levels=1)

        def read(path: str) -> parse.Document | None:
            try:
                return service.get(path)
            except exception.PodManagerResourceMissing:
                return None

        found = service.each(read, service.members(self._collection))
        return [document for document in found if document is not None]

    def is_member(self, path: str) -> bool:
        """Tell whether a path is right below the collection."""
        above, _slash, _name = url_key(path).rpartition('/')
        return above == url_key(self._collection)
