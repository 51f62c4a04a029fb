#!/usr/bin/env bash
# Drives the users server with the official MCP Inspector in its CLI mode, over
# stdio and over HTTP: lists, calls, fails, reads, gets a prompt.
#
#     tests/e2e/inspector.sh SERVER FOLDER
#
# SERVER is the built binary; the Inspector is installed into FOLDER.
set -euo pipefail
server=$(realpath "$1")
folder=$2
mkdir -p "$folder"
folder=$(realpath "$folder")
npm install --silent --no-audit --no-fund --prefix "$folder" @modelcontextprotocol/inspector@2.12.0 >"$folder/npm.log" 2>&1
inspector=$folder/node_modules/@modelcontextprotocol/inspector/clients/launcher/build/index.js

rm -f "$folder"/inspector.db*
export DATABASE_URL=sqlite:$folder/inspector.db RUST_LOG=error
passed=0
failed=0

# check NAME EXIT PART ARGUMENTS…: the Inspector exits with EXIT and prints PART.
check() {
    local name=$1 expected=$2 part=$3 status=0
    shift 3
    timeout 60 node "$inspector" --cli "$@" >"$folder/out.txt" 2>"$folder/err.txt" || status=$?
    if [[ $status == "$expected" ]] && grep -qF -- "$part" "$folder/out.txt"; then
        echo "ok      $name"
        passed=$((passed + 1))
    else
        echo "FAILED  $name: exit $status, wanted $expected and: $part"
        cat "$folder/out.txt" "$folder/err.txt"
        failed=$((failed + 1))
    fi
}

# all WAY TARGET…: everything, over one transport.
all() {
    local way=$1
    shift
    check "$way: lists tools, strictly" 0 '"query_users"' "$@" --method tools/list --strict
    check "$way: lists tools in the newest revision" 0 '"query_users"' "$@" --method tools/list --protocol-era modern
    check "$way: creates a user" 0 "Successfully created user" "$@" --method tools/call --tool-name create_user --tool-arg "email=$way@example.com" --tool-arg name=Ada
    check "$way: refuses the same user" 5 "already exists" "$@" --method tools/call --tool-name create_user --tool-arg "email=$way@example.com" --tool-arg name=Ada
    check "$way: names a missing field" 5 "email" "$@" --method tools/call --tool-name create_user --tool-arg name=Ada
    # Its command line cannot ask a person.
    check "$way: asks nobody who is not there" 5 CONFIRMATION_UNAVAILABLE "$@" --method tools/call --tool-name transfer_role --tool-arg from_id=1 --tool-arg to_id=2 --protocol-era legacy
    check "$way: calls with a number" 0 '"limit": 5' "$@" --method tools/call --tool-name query_users --tool-arg limit=5
    check "$way: lists resources" 0 "docs://api" "$@" --method resources/list
    check "$way: lists resource templates" 0 "users://{id}" "$@" --method resources/templates/list
    check "$way: reads a resource" 0 "$way@example.com" "$@" --method resources/read --uri "users://$users"
    check "$way: lists prompts" 0 "review_role" "$@" --method prompts/list
    check "$way: gets a prompt" 0 "hold the role user" "$@" --method prompts/get --prompt-name review_role --prompt-args role=user
}

users=1
# The Inspector hands no environment of ours to a server.
all stdio env "DATABASE_URL=$DATABASE_URL" "$server" serve

"$server" serve --transport http --bind 127.0.0.1:18765 2>"$folder/http.log" &
process=$!
trap 'kill "$process" 2>/dev/null || true' EXIT
for _ in $(seq 50); do
    curl --silent --fail --output /dev/null http://127.0.0.1:18765/health && break
    sleep 0.1
done
users=2
all http http://127.0.0.1:18765/mcp --transport http

echo "inspector: $passed passed, $failed failed"
[[ $failed == 0 ]]
