#!/bin/sh
# Run the steps that build and start the Binder image, without Docker: a fresh environment, an empty home folder, the committed files.
# Then open every chapter in its JupyterLab. $1 is uv, which here only creates the empty environment.
set -eu
here=$(pwd)
work=$here/_build/binder
step() {
    before=$(date +%s)
    echo "== $*"
    "$@"
    echo "   $(($(date +%s) - before)) s, $(du -sm "$work/env" | cut -f1) MB"
}
rm -rf "$work"
mkdir -p "$work/home"
git clone -q . "$work/repo"
"$1" venv -q --seed --python 3.11 "$work/env"
export PLAYWRIGHT_BROWSERS_PATH="${PLAYWRIGHT_BROWSERS_PATH:-$HOME/.cache/ms-playwright}"  # a browser that make installed
export HOME="$work/home" PATH="$work/env/bin:$PATH"
unset VIRTUAL_ENV FASHION_MNIST_DIR XDG_CACHE_HOME MXNET_HOME || true
cd "$work/repo"
# The packages of repo2docker's base environment (buildpacks/conda/environment.py-3.11.yml), then those of this repository.
step pip install -q --no-cache-dir "ipywidgets==8.*" "jupyter-offlinenotebook==0.3.*" "jupyter-resource-usage==1.*" "jupyter_server==2.*" \
    "jupyterhub==5.*" "jupyterlab==4.*" "notebook==7.*"
step pip install -q --no-cache-dir -r binder/requirements.txt
step sh binder/postBuild
pip check || echo "   (repo2docker's own additions may complain; the chapters don't use them)"
jupyterhub-singleuser --version
cd "$here"
LAB_PYTHON="$work/env/bin/python" sh "$work/repo/binder/start" \
    .venv/bin/python -m pytest -o addopts= -q -s -p no:cacheprovider -W ignore --basetemp "$work/tests" \
    tests/tools/test_jupyter.py -k "jupyterlab or opens_as_a_notebook"
