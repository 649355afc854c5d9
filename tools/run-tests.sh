#!/bin/bash
#
# Run tox environments, and end with what failed and how many tests there were.
#
# Usage: run-tests.sh ENVIRONMENT...

set -euo pipefail

cd "$(dirname "$0")/.."

# Where the tests of these environments leave their results.
results=()
for environment in "$@"; do
    case $environment in
        tests)
            results+=(.tox/tests/results/{unit,functional,chaos})
            ;;
        unit | functional | chaos)
            results+=(".tox/$environment")
            ;;
    esac
done
# Results of an earlier run must not count.
for directory in "${results[@]}"; do
    rm -rf "$directory/.stestr"
done

code=0
.venv/bin/tox run -e "$(IFS=,; echo "$*")" || code=$?
.venv/bin/python tools/count_tests.py "${results[@]}" || code=1
exit "$code"
