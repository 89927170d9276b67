#!/bin/sh
# Build the scripts and the fonts of others that pages load, from the packages in package-lock.json: `make libraries`, which needs npm.
set -eu
cd "$(dirname "$0")"
npm ci --no-audit --no-fund --silent
build="npx esbuild --minify --legal-comments=none --log-level=warning"
$build node_modules/minisearch/dist/umd/index.js --outfile=../theme/static/minisearch.js
cp node_modules/minisearch/LICENSE.txt ../theme/static/minisearch-licence.txt
$build codemirror.js --bundle --format=esm --outfile=../run/codemirror.js
cp node_modules/@codemirror/view/LICENSE ../run/codemirror-licence.txt
node fonts.mjs
for font in iosevka stix-two-math; do cp node_modules/@fontsource/$font/LICENSE ../theme/static/$font-OFL.txt; done
rm -r node_modules
sha256sum package-lock.json ../theme/static/minisearch* ../theme/static/*.woff2 ../theme/static/*-OFL.txt ../run/codemirror* > SHA256SUMS
