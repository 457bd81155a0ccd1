#!/bin/sh
# Write age.js and age.licence.txt, which the page seals details with, into a folder: bundle.sh site/static
# Of the locked packages (package-lock.json, each with its hash); in a folder of its own, so that none stays here.
set -eu
output=$(cd "$1" && pwd)
aside=$(mktemp -d)
trap 'rm -rf "$aside"' EXIT
cp "$(dirname "$0")"/*.js* "$aside"
cd "$aside"
npm ci --loglevel=error --ignore-scripts --no-audit --no-fund
bundled="age-encryption @noble/ciphers @noble/curves @noble/hashes @scure/base"
version() { node --print "require('./node_modules/$1/package.json').version"; }
banner=$(for name in $bundled; do printf '%s %s, ' "$name" "$(version "$name")"; done)
node_modules/.bin/esbuild library.js --bundle --format=esm --minify --target=es2020 --legal-comments=none \
    --alias:@noble/post-quantum/hybrid.js=./unused.js --alias:@noble/curves/nist.js=./unused.js \
    --alias:@noble/hashes/scrypt.js=./unused.js --log-level=warning \
    --banner:js="/* ${banner%, }, bundled by tools/seal/bundle.sh; their licences: age.licence.txt */" \
    --outfile="$output/age.js"
for name in $bundled; do
    printf '%s %s\n\n%s\n\n\n' "$name" "$(version "$name")" "$(cat "node_modules/$name/LICENSE")"
done >"$output/age.licence.txt"
