#!/bin/bash
#
# Install the system packages that are missing, and start none of them.
#
# Usage: install-system-packages.sh PROFILE          (of bindep.txt)
#        install-system-packages.sh --package NAME

set -euo pipefail

top=$(cd "$(dirname "$0")/.." && pwd)
policy=/usr/sbin/policy-rc.d

function missing_packages {
    if [[ $1 == --package ]]; then
        echo "$2"
        return
    fi
    # bindep exits with 1 when it has listed something; without a list that
    # is a failure of bindep itself.
    local list
    list=$("$top/.venv/bin/bindep" --brief --file "$top/bindep.txt" "$1") ||
        [[ -n $list ]] || return 1
    echo "$list"
}

function as_root {
    if [[ $EUID -eq 0 ]]; then
        "$@"
    elif command -v sudo >/dev/null; then
        sudo "$@"
    else
        echo "Root (or sudo) is needed for: $*" >&2
        exit 1
    fi
}

function lift_policy {
    as_root rm -f "$policy"
}

# Debian starts a service when it installs it, unless this program forbids
# that. What runs already keeps running. A machine that has such a program
# keeps its own.
function forbid_service_start {
    if [[ -e $policy ]]; then
        return
    fi
    trap lift_policy EXIT
    printf '#!/bin/sh\nexit 101\n' | as_root tee "$policy" >/dev/null
    as_root chmod 755 "$policy"
}

packages=$(missing_packages "$@")
if [[ -z $packages ]]; then
    exit 0
fi
# One package a line becomes one argument each.
mapfile -t packages <<<"$packages"

if ! command -v apt-get >/dev/null; then
    echo "Install these packages first: ${packages[*]}" >&2
    exit 1
fi

echo "Installing system packages: ${packages[*]}"
forbid_service_start
as_root apt-get update --quiet --quiet
as_root env DEBIAN_FRONTEND=noninteractive apt-get install --quiet --quiet \
    --yes --no-install-recommends "${packages[@]}"
