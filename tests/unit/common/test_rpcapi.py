"""The two sides of each topic: who asks, and who answers."""

import inspect

import testtools

from valence.common import bus, context
from valence.compute import manager as compute_manager
from valence.compute import rpcapi as compute
from valence.conductor import manager as conductor_manager
from valence.conductor import rpcapi as conductor
from valence.network import manager as network_manager
from valence.network import rpcapi as network
from valence.storage import manager as storage_manager
from valence.storage import rpcapi as storage

PAIRS = [
    (compute, compute.ComputeAPI, compute_manager.ComputeManager),
    (conductor, conductor.ConductorAPI, conductor_manager.ConductorManager),
    (network, network.NetworkAPI, network_manager.NetworkManager),
    (storage, storage.StorageAPI, storage_manager.StorageManager),
]


class Noting(bus.Bus):
    """A bus that notes what is asked, and answers None."""

    def __init__(self):
        self.opened = []
        self.asked = []

    def client(self, topic, version):
        self.opened.append((topic, version))
        return self

    def call(self, ctxt, method, **args):
        self.asked.append((ctxt, method, args))

    def ring(self, topic):
        raise NotImplementedError

    def serve(self, *args):
        raise NotImplementedError

    def close(self):
        raise NotImplementedError


def public(cls):
    return {
        name: inspect.signature(method)
        for name, method in inspect.getmembers(cls, inspect.isfunction)
        if not name.startswith('_')
    }


class PairsTest(testtools.TestCase):
    def test_methods_are_the_same(self):
        for _, api, manager in PAIRS:
            self.assertEqual(
                public(api).keys(), public(manager).keys(), api.__name__
            )
            self.assertEqual(
                sorted(public(manager)),
                sorted(
                    bus.public_methods(manager.__new__(manager)),
                ),
            )

    def test_signatures_are_the_same(self):
        for _, api, manager in PAIRS:
            answers = public(manager)
            for name, asks in public(api).items():
                self.assertEqual(asks, answers[name], f'{api}.{name}')

    def test_what_is_asked_fits_the_one_who_answers(self):
        ctxt = context.admin()
        for _, api, manager in PAIRS:
            for name, signature in public(api).items():
                noting = Noting()
                names = list(signature.parameters)[2:]
                values = {each: f'<{each}>' for each in names}
                getattr(api(noting), name)(ctxt, **values)
                self.assertEqual([(ctxt, name, values)], noting.asked)
                public(manager)[name].bind(None, ctxt, **values)

    def test_versions_are_the_same(self):
        for module, api, manager in PAIRS:
            noting = Noting()
            api(noting)
            self.assertEqual([(module.TOPIC, module.VERSION)], noting.opened)
            self.assertEqual(module.VERSION, manager.version)

    def test_topics_differ(self):
        self.assertEqual(4, len({module.TOPIC for module, *_ in PAIRS}))

    def test_history_names_the_version_and_each_method(self):
        for module, api, _ in PAIRS:
            _, _, history = module.__doc__.partition('History:')
            self.assertIn(module.VERSION, history)
            for name in public(api):
                self.assertIn(name, history, module.__name__)
