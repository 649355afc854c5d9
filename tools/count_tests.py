"""Count the tests in stestr repositories: ``count_tests.py DIRECTORY...``.

Prints what failed, and ``N passed, N failed`` as the last line. Exits with 1
when a test failed, or when one of the repositories holds no test at all: a run
that never came about must not look like a success.
"""

import sys
from typing import Any

import testtools
from stestr.repository import abstract, file

PASSED = ('success', 'xfail')
FAILED = ('fail', 'uxsuccess', 'inprogress')

#: Lines of what a failed test says that are shown: its end tells why.
_LINES = 60


def read(directory: str) -> list[dict[str, Any]]:
    """Give the tests of the latest run, as testtools tells of them."""
    tests: list[dict[str, Any]] = []
    try:
        repository = file.RepositoryFactory().open(directory)
        run = repository.get_latest_run()
    except (abstract.RepositoryNotFound, KeyError):
        return tests
    result = testtools.StreamToDict(tests.append)
    result.startTestRun()
    run.get_test().run(result)
    result.stopTestRun()
    return tests


def show(test: dict[str, Any]) -> None:
    """Print why a test failed, as far as it says."""
    print(f'\n{test["id"]}')
    for name, content in sorted(test['details'].items()):
        lines = content.as_text().strip().splitlines()[-_LINES:]
        if lines:
            print('\n'.join([f'{name}:', *lines]))


def main(directories: list[str]) -> int:
    """Print what failed, and the sum over the directories.

    :returns: the exit code.
    """
    runs = [read(directory) for directory in directories]
    tests = [test for run in runs for test in run]
    failed = [test for test in tests if test['status'] in FAILED]
    passed = sum(test['status'] in PASSED for test in tests)
    for test in failed:
        show(test)
    # Once more, where the last lines are all that is seen of a long run.
    for test in failed:
        print(f'{test["status"]}: {test["id"]}')
    print(f'{passed} passed, {len(failed)} failed')
    return 0 if not failed and all(runs) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
