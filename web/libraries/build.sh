#!/bin/sh
# Build the scripts of others that pages load, from the packages in package-lock.json: `make libraries`, which needs npm.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --silent
npx esbuild node_modules/minisearch/dist/umd/index.js --minify --outfile=../theme/static/minisearch.js --log-level=warning
cp node_modules/minisearch/LICENSE.txt ../theme/static/minisearch-licence.txt
rm -r node_modules
sha256sum package-lock.json ../theme/static/minisearch* > SHA256SUMS
