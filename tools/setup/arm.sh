#!/bin/sh
# On Linux on Arm, MXNet's wheel asks for three of Arm's Performance Libraries, which no package registry has. Of them it calls
# only what every BLAS, LAPACK and C library has too: this puts links to the system's under their names beside MXNet.
# $1 is the Python of the environment.
# Elsewhere, and where Arm's libraries are installed, it does nothing.
set -eu
[ "$(uname -s) $(uname -m)" = "Linux aarch64" ] || exit 0
library() {
    PATH="$PATH:/sbin:/usr/sbin" ldconfig -p | sed -n "s|^[[:space:]]*$1 .*=> ||p" | head -n 1
}
[ -z "$(library libarmpl_lp64_mp.so)" ] || exit 0
mxnet=$("$1" -c "import importlib.util; print(importlib.util.find_spec('mxnet').submodule_search_locations[0])")
blas=$(library libopenblas.so.0)
lapacke=$(library liblapacke.so.3)
if [ -z "$blas" ] || [ -z "$lapacke" ]; then
    echo "MXNet needs two libraries that this machine lacks. On Debian and Ubuntu: sudo apt-get install libopenblas0-pthread liblapacke" >&2
    exit 0
fi
ln -sf "$blas" "$mxnet/libarmpl_lp64_mp.so"
ln -sf "$lapacke" "$mxnet/libastring.so"
ln -sf "$(library libm.so.6)" "$mxnet/libamath.so"
