#!/bin/sh
# Pin every dependency in pyproject.toml for every platform and every Python from 3.11 on: versions and hashes, no addresses. $1 is uv.
# `tools/setup/pins.sh uv --upgrade` upgrades the pins as far as pyproject.toml allows.
# Then `make notebooks` and `make test`. PyTorch's range is in environment.py.
set -eu
uv=$1
shift
compile="$uv pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header $*"
$compile --group develop pyproject.toml -o requirements-dev.txt
$compile --group learn -c requirements-dev.txt pyproject.toml -o requirements.txt
echo uv | $compile - -o tools/setup/uv.txt
