#!/bin/bash
#
# Make a virtual environment that holds the tools which "make" itself needs.
#
# Usage: make-venv.sh PYTHON DIRECTORY

set -euo pipefail

python=$1
venv=$2
here=$(dirname "$0")

if ! "$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))'; then
    echo "Python 3.11 or newer is needed; $python is not. Name another one:" \
        "make PYTHON=python3.12 ..." >&2
    exit 1
fi

# Debian keeps these two out of the python3 package.
if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
    "$here/install-system-packages.sh" --package python3-venv
fi

"$python" -m venv --clear "$venv"
"$venv/bin/pip" install --quiet 'bindep>=2.11' 'stestr>=4.1' 'tox>=4.20'
