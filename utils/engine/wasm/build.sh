#!/bin/sh
# Build sgemm.wasm with Debian's clang-19 and lld-19, and note of which source it is: `make kernel`.
set -eu
cd "$(dirname "$0")"
object=$(mktemp --suffix=.o)
trap 'rm "$object"' EXIT
clang-19 --target=wasm32-unknown-emscripten -ffreestanding -nostdlib -fPIC -O3 -msimd128 -ffp-contract=off -Wall -Wextra -Werror -c sgemm.c -o "$object"
wasm-ld-19 -shared --experimental-pic --no-entry --strip-all --export=sgemm "$object" -o sgemm.wasm
sha256sum sgemm.c sgemm.wasm > SHA256SUMS
