#!/bin/sh
# Pin every dependency in pyproject.toml for every platform: versions and hashes, no addresses. $1 is uv.
# `tools/setup/pins.sh uv --upgrade` moves the pins as far as pyproject.toml allows.
set -eu
uv=$1
shift
compile="$uv pip compile -q --universal --generate-hashes --no-annotate --no-header $*"
$compile --python-version 3.11 --extra dev pyproject.toml -o requirements-dev.txt
$compile --python-version 3.11 -c requirements-dev.txt pyproject.toml -o requirements.txt
echo uv | $compile --python-version 3.11 - -o tools/setup/uv.txt

# The same packages for a newer Python, with a NumPy of today (utils/compat.py).
work=$(mktemp -d)
trap 'rm -r "$work"' EXIT
sed -nE '/^numpy==/d; s/^([^ ]+==[^\\]*[^ \\]) *\\?$/\1/p' requirements-dev.txt > "$work/constraints.txt"
echo "numpy>=2" > "$work/overrides.txt"
$compile --python-version 3.13 --extra dev -c "$work/constraints.txt" --override "$work/overrides.txt" pyproject.toml -o requirements-new.txt
