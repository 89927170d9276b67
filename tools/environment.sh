#!/bin/sh
# Make .venv: Python 3.11 and the pinned packages. $1 is uv, which is brought into .tools where it is missing.
set -eu
uv=$1
if ! [ -x "$(command -v "$uv")" ]; then
    echo "Bringing uv into .tools ..."
    if python3 -m venv .tools 2>/dev/null; then
        .tools/bin/python -m pip install -q --require-hashes -r tools/uv.txt
    elif python3 -m pip --version >/dev/null 2>&1; then
        python3 -m pip install -q --require-hashes --target .tools -r tools/uv.txt
    else
        echo "This Python 3 has neither venv nor pip. Install uv (https://docs.astral.sh/uv/) or, on Debian and Ubuntu," >&2
        echo "python3-venv, and run make again." >&2
        exit 1
    fi
fi
"$uv" venv -q --allow-existing --python 3.11 .venv
"$uv" pip sync -q --python .venv/bin/python --require-hashes requirements-dev.txt
"$uv" pip install -q --python .venv/bin/python --no-deps --no-build-isolation -e .
