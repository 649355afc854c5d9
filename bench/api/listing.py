"""The CPU of a list of 1,000 tasks, against json.dumps of the same data.

The process that measures is one of its own (:mod:`bench.api.in_process`),
since the API configures the one that it runs in.
"""

import json
import subprocess

from bench import harness
from bench.processes import program
from tests import fixtures


def run() -> None:
    harness.say('api: a list of 1,000 tasks')
    server = fixtures.shared_postgresql()
    answer = subprocess.run(
        program.module('bench.api.in_process', server.new_database()),
        cwd=program.ROOT,
        check=True,
        stdout=subprocess.PIPE,
        text=True,
    )
    found: dict[str, harness.Series] = json.loads(answer.stdout)
    names = {'list1000': 'whole', 'list1000_nodb': 'fetched'}
    for name, side in names.items():
        harness.figure(
            f'api.{name}_vs_json',
            harness.ratio(found[side]['cpu'], found['json']['cpu']),
            'ratio',
        )
    for side, series in found.items():
        harness.figure(
            f'api.list1000_{side}_ms', harness.median(series['cpu']), 'ms'
        )
