import testtools

from valence.podm.expether import urls
from valence.podm.expether.urls import Place


class UrlTest(testtools.TestCase):
    def test_places(self):
        for place in (
            Place('0x8cdf9d9122b6', 16),
            Place('0x8CDF', 4092, ()),
            Place('0xa', 17, ('NIC',)),
            Place('0xa', 17, ('NIC', 'A,B', 'x&y=z', 'NIC')),
        ):
            url = urls.node_url('/eem', place)
            self.assertTrue(url.startswith('/eem/devices/0x'), url)
            self.assertEqual(place, urls.read_place(url))

    def test_devices(self):
        url = urls.device_url('/site/eem', '0xa')
        self.assertEqual('/site/eem/devices/0xa', url)
        self.assertEqual('0xa', urls.device_id(url))

    def test_a_node_is_no_device_and_the_other_way_round(self):
        self.assertIsNone(urls.read_place('/eem/devices/0xa'))
        node = urls.node_url('/eem', Place('0xa', 17))
        self.assertIsNone(urls.device_id(node))

    def test_neither(self):
        for url in (
            '',
            '/redfish/v1/Nodes/1',
            '/eem/devices/../users',
            '/eem/devices/0xa/group_id',
            '/eem/devices/0xa?group_id=',
            '/eem/devices/0xa?group_id=17&more=1',
        ):
            self.assertIsNone(urls.device_id(url))
            self.assertIsNone(urls.read_place(url))
