#!/bin/bash
#
# Run tox environments, and end with one line that counts their tests.
#
# Usage: run-tests.sh ENVIRONMENT...

set -euo pipefail

cd "$(dirname "$0")/.."

# Results of an earlier run must not count.
results=()
for environment in "$@"; do
    rm -rf ".tox/$environment/.stestr"
    if [[ -d tests/$environment ]]; then
        results+=(".tox/$environment")
    fi
done

code=0
.venv/bin/tox run -e "$(IFS=,; echo "$*")" || code=$?
.venv/bin/python tools/count_tests.py "${results[@]}" || code=1
exit "$code"
