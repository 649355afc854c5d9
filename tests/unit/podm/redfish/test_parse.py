import testtools

from valence.common import exception, http_auth, http_client
from valence.podm.redfish import parse

PATH = '/redfish/v1/Systems/1/'


class DocumentTest(testtools.TestCase):
    def document(self, **raw):
        client = http_client.HttpClient(
            'http://podm',
            auth=http_auth.BasicAuth('', ''),
            limits=http_client.Limits(),
            under='/redfish/',
        )
        return parse.Document(client, PATH, raw)

    def assertMalformed(self, call, *args):
        error = self.assertRaises(exception.PodManagerMalformed, call, *args)
        self.assertIn(PATH, str(error))
        return error

    def test_text(self):
        document = self.document(Status={'Health': 'OK'}, Name=7, Id=None)
        self.assertEqual('OK', document.text('Status', 'Health'))
        for field in (('Name',), ('Id',), ('Name', 'x'), ('Nothing', 'x')):
            self.assertIsNone(document.text(*field))

    def test_number(self):
        document = self.document(a=1.5, b='8', c=True, d=None, e=[])
        self.assertEqual(1.5, document.number('a'))
        self.assertEqual(1, document.whole('a'))
        for field in 'bcde':
            self.assertIsNone(document.number(field))
            self.assertIsNone(document.whole(field))

    def test_number_that_nothing_can_have(self):
        document = self.document(a=1e308, b=-1e308, c=2**63, d=2**63 - 1)
        for field in 'abc':
            self.assertIsNone(document.number(field))
            self.assertIsNone(document.whole(field))
        self.assertEqual(2**63 - 1, document.whole('d'))

    def test_texts(self):
        document = self.document(a=['x', 7, None, 'y'], b='x')
        self.assertEqual(['x', 'y'], document.texts('a'))
        self.assertEqual([], document.texts('b'))

    def test_parts(self):
        document = self.document(a=[{'b': 'c'}, 7], d=7)
        self.assertEqual(
            ['c'], [each.text('b') for each in document.parts('a')]
        )
        self.assertEqual([], document.parts('d'))
        self.assertEqual({}, document.part('d').raw)

    def test_identity(self):
        self.assertEqual('5', self.document(Id='5').identity())
        self.assertEqual('5', self.document(Id=5).identity())
        for wrong in (None, True, {}):
            self.assertEqual('1', self.document(Id=wrong).identity())

    def test_links(self):
        document = self.document(
            many=[{'@odata.id': '/redfish/a'}, {}, 'x', {'@odata.id': None}],
            one={'@odata.id': '/redfish/b'},
        )
        self.assertEqual(['/redfish/a'], document.links('many'))
        self.assertEqual('/redfish/b', document.link('one'))
        self.assertIsNone(document.link('none'))

    def test_link_that_must_not_be_followed(self):
        for wrong in ('http://evil/redfish/v1', '//evil/redfish/v1', 7):
            document = self.document(a={'b': {'@odata.id': wrong}})
            error = self.assertMalformed(document.link, 'a', 'b')
            self.assertIn(f'{PATH}: a/b: ', str(error))
            self.assertIsNone(document.find_link('a', 'b'))

    def test_field_of_a_part(self):
        document = self.document(a={'b': {'target': 7}}, c=[{}])
        part = document.part('a').part('b')
        error = self.assertMalformed(part.target, 'target')
        self.assertIn(': a/b/target: ', str(error))
        error = self.assertMalformed(document.parts('c')[0].target, 'target')
        self.assertIn(': c/target is missing', str(error))

    def test_links_that_can_be_done_without(self):
        paths = ('//evil/redfish/v1', '/redfish/a', None, 7, '/redfish/b')
        document = self.document(a=[{'@odata.id': path} for path in paths])
        self.assertEqual(
            ['/redfish/a', '/redfish/b'], document.find_links('a')
        )
        self.assertEqual('/redfish/a', document.find_link('a'))
        self.assertIsNone(document.find_link('b'))

    def test_field_of_other_links(self):
        document = self.document(
            **{'Members@odata.nextLink': '/admin', '@odata.id': '//evil/'}
        )
        error = self.assertMalformed(document.next_page)
        self.assertIn('Members@odata.nextLink: ', str(error))
        error = self.assertMalformed(document.own_path)
        self.assertIn('@odata.id: ', str(error))

    def test_target(self):
        document = self.document(target='/redfish/v1/x', wrong=7)
        self.assertEqual('/redfish/v1/x', document.target('target'))
        self.assertMalformed(document.target, 'wrong')
        error = self.assertMalformed(document.target, 'nothing')
        self.assertIn('nothing is missing', str(error))


class AllowedTest(DocumentTest):
    def test_both_spellings(self):
        for owner in ('Redfish', 'DMTF'):
            holder = self.document(**{f'X@{owner}.AllowableValues': ['a']})
            self.assertEqual(['a'], parse.allowed(holder, 'X'))

    def test_checked(self):
        holder = self.document(**{'X@Redfish.AllowableValues': ['a', 'b']})
        parse.check_allowed(holder, 'X', 'a')
        error = self.assertRaises(
            exception.UnsupportedValue, parse.check_allowed, holder, 'X', 'c'
        )
        self.assertEqual('X c is not allowed here; allowed: a, b.', str(error))

    def test_not_told(self):
        for raw in ({}, {'X@Redfish.AllowableValues': None}):
            parse.check_allowed(self.document(**raw), 'X', 'c')


class SpellingTest(DocumentTest):
    def test_flag(self):
        document = self.document(
            a=True, b='true', c='FALSE', d=False, e='yes', f=1, g=None, h=[]
        )
        self.assertEqual(
            [True, True, False, False],
            [document.flag(field) for field in 'abcd'],
        )
        for field in 'efghi':
            self.assertIsNone(document.flag(field))

    def test_next_page(self):
        name = 'Members@odata.nextLink'
        document = self.document(**{name: '/redfish/v1/Systems?$skip=2'})
        self.assertEqual('/redfish/v1/Systems?$skip=2', document.next_page())
        for nothing in (None, '', {}, []):
            self.assertIsNone(self.document(**{name: nothing}).next_page())
        for wrong in ('http://evil/redfish/v1', 7, {'@odata.id': '/redfish/'}):
            self.assertMalformed(self.document(**{name: wrong}).next_page)

    def test_own_path(self):
        own = {'@odata.id': 'http://podm/redfish/v1/x'}
        self.assertEqual('/redfish/v1/x', self.document(**own).own_path())
        self.assertIsNone(self.document().own_path())
        for wrong in ('http://evil/redfish/v1', 7, ''):
            self.assertMalformed(
                self.document(**{'@odata.id': wrong}).own_path
            )

    def test_url(self):
        for own, url in (
            ('/redfish/v1/systems/1', '/redfish/v1/systems/1'),
            ('http://podm/redfish/v1/Systems/1', '/redfish/v1/Systems/1'),
            ('/redfish/v1/Systems/2', PATH),
            ('http://evil/redfish/v1/Systems/1', PATH),
            (7, PATH),
            (None, PATH),
        ):
            self.assertEqual(url, self.document(**{'@odata.id': own}).url())

    def test_same(self):
        paths = ['/redfish/v1/Systems/10', '/redfish/v1/systems/1']
        self.assertEqual(paths[1], parse.same(PATH, paths))
        self.assertIsNone(parse.same(PATH, paths[:1]))
        self.assertIsNone(parse.same(PATH, []))
