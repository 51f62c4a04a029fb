#!/usr/bin/env bash
# Bearer tokens of a certified OpenID provider, npm oidc-provider: signed ones by its keys, opaque ones
# by its introspection; good ones, and all that are not.
#
#     tests/e2e/oidc.sh FOLDER SERVER
#
# The provider is installed into FOLDER; SERVER is the built users server, whose callers show them.
set -euo pipefail
here=$(dirname "$(realpath "$0")")
folder=$1
mkdir -p "$folder"
folder=$(realpath "$folder")
server=$(realpath "$2")
npm install --silent --no-audit --no-fund --prefix "$folder" oidc-provider@9.13.3 >"$folder/npm.log" 2>&1

for name in known unknown; do
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -noenc -days 2 -subj "/CN=$name" \
        -addext "subjectAltName=DNS:localhost" -addext "basicConstraints=critical,CA:FALSE" \
        -keyout "$folder/$name.key" -out "$folder/$name.crt" 2>"$folder/openssl.log"
    cat "$folder/$name.key" "$folder/$name.crt" >"$folder/$name.pem"
done

: >"$folder/urls"
NODE_EXTRA_CA_CERTS=$folder/known.crt node "$here/oidc_provider.mjs" "$folder" >"$folder/urls" 2>"$folder/issuer.log" &
process=$!
trap 'kill "$process" 2>/dev/null || true' EXIT
for _ in $(seq 100); do
    [[ $(wc -l <"$folder/urls") == 2 ]] && break
    sleep 0.1
done
MCPGEN_TEST_ISSUER=$(sed -n 1p "$folder/urls")
MCPGEN_TEST_TOLD=$(sed -n 2p "$folder/urls")
export MCPGEN_TEST_ISSUER MCPGEN_TEST_TOLD

cd "$here/../.."
cargo test --package mcpgen-runtime --locked --test oidc --no-run
# The servers trust whom the system trusts; this is how it is told whom.
if ! SSL_CERT_FILE=$folder/known.crt cargo test --package mcpgen-runtime --locked --test oidc; then
    cat "$folder/issuer.log"
    exit 1
fi
"$here/callers.sh" "$server" "$folder"
