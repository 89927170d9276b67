#!/bin/sh
# Pin every dependency in pyproject.toml for every platform: versions and hashes, no addresses. $1 is uv.
set -eu
compile="$1 pip compile -q --universal --python-version 3.11 --generate-hashes --no-annotate --no-header"
$compile --extra dev pyproject.toml -o requirements-dev.txt
$compile -c requirements-dev.txt pyproject.toml -o requirements.txt
echo uv | $compile - -o tools/uv.txt
