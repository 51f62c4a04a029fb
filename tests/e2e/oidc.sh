#!/usr/bin/env bash
# Bearer tokens of a certified OpenID provider, npm oidc-provider: signed ones by its keys, opaque ones
# by its introspection; good ones, and all that are not.
#
#     tests/e2e/oidc.sh FOLDER
#
# The provider is installed into FOLDER.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
folder=$1
mkdir -p "$folder"
folder=$(realpath "$folder")
npm install --silent --no-audit --no-fund --prefix "$folder" oidc-provider@9.13.3 >"$folder/npm.log" 2>&1

: >"$folder/issuer.url"
node "$here/oidc_provider.mjs" "$folder" >"$folder/issuer.url" 2>"$folder/issuer.log" &
process=$!
trap 'kill "$process" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
    [[ -s $folder/issuer.url ]] && break
    sleep 0.1
done

cd "$here/../.."
if ! MCPGEN_TEST_ISSUER=$(head -n 1 "$folder/issuer.url") cargo test --package mcpgen-runtime --locked --test oidc; then
    cat "$folder/issuer.log"
    exit 1
fi
