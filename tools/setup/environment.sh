#!/bin/sh
# Make an environment of its own for the project. $1 is uv, which is brought into .tools where it is missing. $2 is which one:
# none for .venv (Python 3.11 and the pinned packages), torch for .venv-torch (the same and PyTorch), new for .venv-new (Python 3.13 and a NumPy of today, see utils/compat.py).
set -eu
uv=$1
if [ "${2:-}" = new ]; then
    folder=.venv-new python=3.13 pins=requirements-new.txt
elif [ "${2:-}" = torch ]; then
    folder=.venv-torch python=3.11 pins=requirements-dev.txt
else
    folder=.venv python=3.11 pins=requirements-dev.txt
fi
if ! [ -x "$(command -v "$uv")" ]; then
    echo "Bringing uv into .tools ..."
    if python3 -m venv .tools 2>/dev/null; then
        .tools/bin/python -m pip install -q --require-hashes -r tools/setup/uv.txt
    elif python3 -m pip --version >/dev/null 2>&1; then
        python3 -m pip install -q --require-hashes --target .tools -r tools/setup/uv.txt
    else
        echo "This Python 3 has neither venv nor pip. Install uv (https://docs.astral.sh/uv/) or, on Debian and Ubuntu," >&2
        echo "python3-venv, and run make again." >&2
        exit 1
    fi
fi
"$uv" venv -q --allow-existing --python $python $folder
"$uv" pip sync -q --python $folder/bin/python --require-hashes $pins
"$uv" pip install -q --python $folder/bin/python --no-deps --no-build-isolation -e .
if [ "${2:-}" = torch ]; then
    # PyTorch is not among the pins: which build fits depends on the machine. pip takes the one that it is shown (PIP_FIND_LINKS,
    # PIP_INDEX_URL); shown none, on Linux it takes one for graphics cards, of 3 GB.
    echo "Bringing PyTorch into $folder; on Linux that may be 3 GB ..."
    $folder/bin/python -m ensurepip >/dev/null
    $folder/bin/python -m pip install -q "torch>=2.6,<3"
fi
mkdir -p $folder/share/jupyter/lab/settings
cp binder/overrides.json $folder/share/jupyter/lab/settings/
if [ "${2:-}" = new ]; then
    tools/setup/arm.sh $folder/bin/python
    $folder/bin/python -c "from utils import compat; compat.set_up_kernels()"
fi
