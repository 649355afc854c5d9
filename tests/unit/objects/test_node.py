import testtools

from tests.fixtures import database, rows
from valence.objects.hardware import ComposedNode
from valence.objects.node import node_tag, tagged

_UUID = '7d3f1c52-4f0e-4b1c-9a55-0d8f5b8f3c11'
_TAG = f'valence-{_UUID}'


class TaggedTest(testtools.TestCase):
    """Whose node it is, by the texts that a pod manager keeps of it."""

    def test_tag(self):
        self.assertEqual(_TAG, node_tag(_UUID))

    def test_found(self):
        for text in (
            _TAG,
            f'web-1 {_TAG}',
            f'{_TAG}: web-1',
            f'({_TAG})',
            f'a\n{_TAG}\nb',
        ):
            self.assertEqual(_UUID, tagged(text), text)

    def test_found_in_any_of_the_texts(self):
        self.assertEqual(_UUID, tagged(None, 'web-1', _TAG))

    def test_first_one_counts(self):
        other = 'valence-00000000-0000-0000-0000-000000000000'
        self.assertEqual(_UUID, tagged(_TAG, other))

    def test_none(self):
        for text in (None, '', 'web-1', _UUID, 'valence-web-1'):
            self.assertIsNone(tagged(text), text)

    def test_part_of_another_word(self):
        for text in (
            f'x{_TAG}',
            f'my-{_TAG}',
            f'{_TAG}0',
            f'{_TAG}-2',
            f'{_TAG[:-1]}',
            _TAG.upper(),
        ):
            self.assertIsNone(tagged(text), text)

    def test_nothing_to_look_at(self):
        self.assertIsNone(tagged())


class WhereTest(testtools.TestCase):
    """Whether what is at the url of a node can be the node."""

    def setUp(self):
        super().setUp()
        made = self.useFixture(database.Database()).database
        self.own = rows.add_node(made)
        self.adopted = rows.add_node(made, tag_uuid=_UUID)

    def test_tag(self):
        self.assertEqual(node_tag(self.own.uuid), self.own.tag)
        self.assertEqual(_TAG, self.adopted.tag)

    def test_is_at(self):
        for node, text, there in (
            (self.own, self.own.tag, True),
            (self.own, 'web-1', True),
            (self.own, _TAG, False),
            (self.adopted, _TAG, True),
            (self.adopted, 'web-1', True),
            (self.adopted, node_tag(self.adopted.uuid), False),
        ):
            for texts in ({'name': text}, {'description': text}):
                live = ComposedNode(url='/n/1', id='1', **texts)
                self.assertEqual(there, node.is_at(live), text)
