#!/bin/sh
# Create a virtual environment for the project. $1 is uv, which is installed into .tools if it is missing. $2 selects the environment:
# nothing for .venv, with MXNet where MXNet has wheels; own for .venv-own, with the newest Python and NumPy and without MXNet;
# torch for .venv-torch, which is .venv with PyTorch.
set -eu
uv=$1
newest=3.14
python=$newest
[ "$(uname -m)" != x86_64 ] || python=3.11  # MXNet's wheels need it
folder=.venv${2:+-$2}
[ "${2:-}" != own ] || python=$newest

# Trust the system's certificates: the proxy of a school or company may sign with a certificate of its own. uv needs an option for
# that; pip does so from version 24.2 on, and an older pip needs the path of the certificates.
certificates=$(python3 -c 'import os, ssl; p = ssl.get_default_verify_paths()
print(p.cafile or (p.capath and os.listdir(p.capath) and p.capath) or "")')
[ -z "$certificates" ] || export PIP_CERT="${PIP_CERT:-$certificates}"
[ -z "$certificates" ] && [ "$(uname -s)" != Darwin ] || export UV_SYSTEM_CERTS=1

if ! [ -x "$(command -v "$uv")" ]; then
    echo "Installing uv into .tools ..."
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
if ! "$uv" venv -q --allow-existing --python $python "$folder"; then
    [ $python = $newest ] || exit 1
    echo "Python $newest is not available here: using another one."
    "$uv" venv -q --allow-existing --python ">=3.12" "$folder"
fi
"$uv" pip sync -q --python "$folder/bin/python" --require-hashes requirements-dev.txt
"$uv" pip install -q --python "$folder/bin/python" --no-deps --no-build-isolation -e .
if [ "${2:-}" = torch ]; then
    # PyTorch is not pinned, because the right build depends on the machine: choose one by PIP_FIND_LINKS or PIP_INDEX_URL. By
    # default, on Linux, pip installs the build for graphics cards, of 3 GB.
    echo "Installing PyTorch into $folder; on Linux that may be 3 GB ..."
    $folder/bin/python -m ensurepip >/dev/null
    $folder/bin/python -m pip install -q "torch>=2.6,<3"
fi
