import testtools

from valence.podm import pci


class KindTest(testtools.TestCase):
    def test_kinds(self):
        for code, kind in (
            ('0x010802', 'SSD'),
            ('020000', 'NIC'),
            (0x030200, 'GPU'),
            ('0x040300', 'MULTI'),
            ('0x060400', 'SWITCH'),
            ('0x0C0330', 'USB'),
            ('0x120000', 'ACS'),
        ):
            self.assertEqual(kind, pci.kind(code), code)

    def test_what_tells_nothing(self):
        for code in ('', 'x', '0x', None, True, 1.5, [], {}, '0xff0000', -1):
            self.assertIsNone(pci.kind(code), code)

    def test_accelerators_are_kinds(self):
        kinds = {pci.kind('0x030000'), pci.kind('0x120000')}
        self.assertEqual(kinds, {*pci.ACCELERATORS})
