"""Every driver against every kind of pod manager that it is for.

What comes of it is the table of the documentation, which this compares; with
``CONFORMANCE_TABLE=write`` it writes it.
"""

import contextlib
import dataclasses
import functools
import os
import pathlib
from typing import ClassVar

import testtools

from tests.functional.podm import story
from tests.unit.podm import records
from valence.common import http_addresses, http_client
from valence.podm import pool
from valence.simulator import server
from valence.simulator.modes import deviations

TABLE = (
    pathlib.Path(__file__).parents[3] / 'doc' / 'source' / 'conformance.rst'
)

_RSD = 'Intel RSD {}, Nodes API'
_DMTF = 'DMTF CompositionService, {}'


@dataclasses.dataclass(frozen=True)
class Kind:
    """A kind of pod manager.

    :ivar mode: its name at the simulator.
    :ivar systems: how many it has to begin with.
    :ivar accepts: whether it can accept a change and go on with it (202).
    """

    mode: str
    title: str
    driver: str = 'redfishv1'
    systems: int = 4
    accepts: bool = True


KINDS = (
    *(
        Kind(f'rsd{version}', _RSD.format(version))
        for version in ('2.1', '2.2', '2.3', '2.4', '2.5')
    ),
    Kind('composition', _DMTF.format('specific'), systems=0),
    Kind('composition-constrained', _DMTF.format('constrained'), systems=0),
    Kind('composition-manifest', _DMTF.format('manifests'), systems=0),
    Kind('plain', 'plain Redfish', accepts=False),
    Kind('expether', 'ExpEther manager', 'expether', accepts=False),
)

#: One kind of pod manager for each way in which the driver goes about.
_DEVIATING = frozenset({'rsd2.4', 'composition', 'plain'})
#: After these something is really not there any more: what is told then is
#: tested beside the driver.
_LOSING = frozenset(
    {
        'dead_links',
        'missing_properties',
        'misspelt_allocate',
        'misspelt_targets',
    }
)

_LIMITS = http_client.Limits(
    timeout=10, allowed_networks=http_addresses.LOOPBACK
)
#: All changes are accepted, and take their time.
_ACCEPTED = {'ms': 50, 'retry_after': 0}


class Case(testtools.TestCase):
    def outcomes(self, kind, **modes):
        """Take a pod manager that misbehaves in some ways through it."""
        simulator = server.Simulator(
            mode=kind.mode, systems=4, assembly_ms=50, modes=modes
        )
        simulator.start()
        self.addCleanup(simulator.stop)
        url = simulator.urls[0]
        record = records.record(
            f'{url}/eem' if kind.driver == 'expether' else url,
            driver=kind.driver,
        )
        with contextlib.closing(pool.connect(record, _LIMITS)) as connection:
            return story.Story(
                self, connection, systems=kind.systems
            ).outcomes()


class Conformance(Case):
    def test_the_documentation_tells_what_is_true(self):
        told = table({kind: self.outcomes(kind) for kind in KINDS})
        if os.environ.get('CONFORMANCE_TABLE') == 'write':
            TABLE.write_text(told)
        self.assertEqual(told, TABLE.read_text())


class Deviations(Case):
    """What real servers do otherwise makes no difference."""

    _usual: ClassVar[dict[Kind, dict[str, str]]] = {}

    def usual(self, kind):
        if kind not in self._usual:
            self._usual[kind] = self.outcomes(kind)
        return self._usual[kind]


def _add_tests(kind):
    def is_taken_through(test):
        outcomes = test.outcomes(kind)
        test.assertEqual(story.OFFERED, outcomes['discover'])

    def is_taken_through_what_it_accepts(test):
        usual = test.outcomes(kind)
        test.assertEqual(usual, test.outcomes(kind, accept=_ACCEPTED))

    def makes_no_difference(test, deviation):
        found = test.outcomes(kind, deviate=[deviation])
        test.assertEqual(test.usual(kind), found)

    name = f'test_{kind.mode.replace("-", "_").replace(".", "_")}'
    setattr(Conformance, name, is_taken_through)
    if kind.accepts:
        setattr(
            Conformance, f'{name}_accepts', is_taken_through_what_it_accepts
        )
    if kind.mode in _DEVIATING:
        for each in sorted(set(deviations.ALL) - _LOSING):
            setattr(
                Deviations,
                f'{name}_{each}',
                functools.partialmethod(makes_no_difference, each),
            )


for _kind in KINDS:
    _add_tests(_kind)


def table(found):
    """Give the table: a row for each kind, a column for each chapter."""
    lines = [
        '.. This table is what came of tests/functional/podm; it is written',
        '   by "make conformance".',
        '',
        '.. list-table::',
        '   :header-rows: 1',
        '',
    ]
    for row in [
        ('Pod manager', 'Driver', *story.CHAPTERS),
        *(
            (kind.title, f'``{kind.driver}``', *outcomes.values())
            for kind, outcomes in found.items()
        ),
    ]:
        marks = ['   * -', *['     -'] * (len(row) - 1)]
        lines += [
            f'{mark} {cell}' for mark, cell in zip(marks, row, strict=True)
        ]
    return '\n'.join(lines) + '\n'
