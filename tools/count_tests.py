"""Count the tests in stestr repositories: ``count_tests.py DIRECTORY...``.

Prints ``N passed, N failed``. Exits with 1 when a test failed, or when one of
the repositories holds no test at all: a run that never came about must not
look like a success.
"""

import collections
import sys

import testtools
from stestr.repository import abstract, file

PASSED = ('success', 'xfail')
FAILED = ('fail', 'uxsuccess', 'inprogress')


def statuses(directory: str) -> collections.Counter[str]:
    """Count the tests of the latest run by their final status."""
    counts: collections.Counter[str] = collections.Counter()

    def note(test: dict[str, str]) -> None:
        counts[test['status']] += 1

    try:
        repository = file.RepositoryFactory().open(directory)
        run = repository.get_latest_run()
    except (abstract.RepositoryNotFound, KeyError):
        return counts
    result = testtools.StreamToDict(note)
    result.startTestRun()
    run.get_test().run(result)
    result.stopTestRun()
    return counts


def main(directories: list[str]) -> int:
    """Print the sum over the directories.

    :returns: the exit code.
    """
    runs = [statuses(directory) for directory in directories]
    passed = sum(run[status] for run in runs for status in PASSED)
    failed = sum(run[status] for run in runs for status in FAILED)
    print(f'{passed} passed, {failed} failed')
    return 0 if failed == 0 and all(runs) else 1


if __name__ == '__main__':
    sys.exit(main(sys.argv[1:]))
