#!/bin/sh
# Create a virtual environment for the project. $1 is uv, which is installed into .tools if it is missing. $2 is the environment:
# .venv, with MXNet where MXNet has wheels; .venv-own, with the newest Python and NumPy and without MXNet; .venv-torch, which is .venv
# with PyTorch. The file `ready` in it is written last.
set -eu
uv=$1
folder=$2
newest=3.14
python=$newest
[ "$(uname -m)" != x86_64 ] || [ "$folder" = .venv-own ] || python=3.11  # MXNet's wheels need it

stop() {
    echo "$1" >&2
    exit 1
}

# Run a command that may need the network. Without one, uv and pip say much, and pip in the end names a wrong cause.
online() {
    said=$("$@" 2>&1) && return
    case $said in
        *"error sending request"* | *"connection broken"*)
            reason=$(echo "$said" | grep -oE "cause: .*|\[(Errno|SSL)[^']*" | tail -n 1 | sed "s/^cause: //")
            stop "No package can be fetched ($reason). Connect to the internet, or set HTTPS_PROXY if that needs a proxy, and run make again." ;;
    esac
    stop "$said"
}

[ -w . ] || stop "The folder $(pwd) can't be written. Copy the project to one of your own, and run make there."

# One call at a time, until this one ends: the lock is on the project's folder, and on no file.
exec 9<.
python3 -c 'import fcntl
try: fcntl.flock(9, fcntl.LOCK_EX | fcntl.LOCK_NB)
except BlockingIOError: print("Another make sets up an environment here. Waiting for it ...", flush=True); fcntl.flock(9, fcntl.LOCK_EX)
except OSError: pass  # a file system without locks' 9<&9
if MAKEFLAGS='' make -qs "$folder/ready"; then exit 0; fi  # that call has made this very environment

# Trust the system's certificates: the proxy of a school or company may sign with a certificate of its own. uv needs an option for
# that; pip does so from version 24.2 on, and an older pip needs the path of the certificates.
certificates=$(python3 -c 'import os, ssl; p = ssl.get_default_verify_paths()
print(p.cafile or (p.capath and os.listdir(p.capath) and p.capath) or "")')
[ -z "$certificates" ] || export PIP_CERT="${PIP_CERT:-$certificates}"
[ -z "$certificates" ] && [ "$(uname -s)" != Darwin ] || export UV_SYSTEM_CERTS=1

if ! [ -x "$(command -v "$uv")" ]; then
    echo "Installing uv into .tools ..."
    rm -rf .tools  # what an interrupted call left
    if python3 -m venv .tools 2>/dev/null; then
        online .tools/bin/python -m pip install -q --require-hashes -r tools/setup/uv.txt
    elif python3 -m pip --version >/dev/null 2>&1; then
        online python3 -m pip install -q --require-hashes --target .tools -r tools/setup/uv.txt
    else
        stop "This Python 3 has neither venv nor pip. Install uv (https://docs.astral.sh/uv/) or, on Debian and Ubuntu, python3-venv, and run make again."
    fi
fi

# What an interrupted call left is incomplete, though uv takes it for installed: begin anew.
if [ -e "$folder/ready" ]; then rm "$folder/ready"; else rm -rf "$folder"; fi
if [ $python = $newest ] && ! "$uv" venv -q --allow-existing --python $newest "$folder" 2>/dev/null; then
    echo "Python $newest is not available here: using another one."
    python=">=3.12"
fi
online "$uv" venv -q --allow-existing --python "$python" "$folder"
online "$uv" pip sync -q --python "$folder/bin/python" --require-hashes requirements-dev.txt
"$uv" pip install -q --python "$folder/bin/python" --no-deps --no-build-isolation -e .
"$folder/bin/python" tools/setup/course_mxnet.py
if [ "$folder" = .venv-torch ]; then
    # PyTorch is not pinned, because the right build depends on the machine: choose one by PIP_FIND_LINKS or PIP_INDEX_URL. By
    # default, on Linux, pip installs the build for graphics cards, of 3 GB.
    echo "Installing PyTorch into $folder; on Linux that may be 3 GB ..."
    "$folder/bin/python" -m ensurepip >/dev/null
    online "$folder/bin/python" -m pip install -q "torch>=2.6,<3"
fi
pwd -P > "$folder/ready.new"
mv "$folder/ready.new" "$folder/ready"
