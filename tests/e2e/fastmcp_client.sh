#!/usr/bin/env bash
# Drives the users server with fastmcp's command line, over stdio and over HTTP: lists, calls, fails,
# reads, gets a prompt, confirms.
#
#     tests/e2e/fastmcp_client.sh SERVER FASTMCP FOLDER
#
# SERVER is the built binary, FASTMCP the program; the database and what is printed lie in FOLDER.
set -euo pipefail
server=$(realpath "$1")
fastmcp=$2
folder=$3
mkdir -p "$folder"
folder=$(realpath "$folder")

rm -f "$folder"/fastmcp.db*
export DATABASE_URL=sqlite:$folder/fastmcp.db RUST_LOG=error FASTMCP_CHECK_FOR_UPDATES=off NO_COLOR=1
passed=0
failed=0

# What the person types when asked: nothing accepts.
person=
# check NAME EXIT PART ARGUMENTS…: fastmcp exits with EXIT and prints PART.
check() {
    local name=$1 expected=$2 part=$3 status=0
    shift 3
    COLUMNS=200 timeout 60 "$fastmcp" "$@" <<<"$person" >"$folder/out.txt" 2>&1 || status=$?
    if [[ $status == "$expected" ]] && grep -qF -- "$part" "$folder/out.txt"; then
        echo "ok      $name"
        passed=$((passed + 1))
    else
        echo "FAILED  $name: exit $status, wanted $expected and: $part"
        cat "$folder/out.txt"
        failed=$((failed + 1))
    fi
}

# all WAY USER TARGET…: everything, over one transport; USER is the number that the first new user gets, of
# two.
all() {
    local way=$1 user=$2
    shift 2
    check "$way: lists tools, resources and prompts" 0 review_role list "$@" --resources --prompts
    local ada="{\"email\": \"$way@example.com\", \"name\": \"Ada\"}"
    check "$way: creates a user" 0 "\"$way@example.com\"" call "$@" --target create_user --input-json "$ada"
    check "$way: refuses the same user" 1 "already exists" call "$@" --target create_user --input-json "$ada"
    check "$way: names a missing field" 1 email call "$@" --target create_user --input-json '{"name": "Ada"}'
    check "$way: the result is structured" 0 '"structured_content"' call "$@" --target query_users --input-json '{"limit": 5}' --json
    check "$way: reads a resource" 0 "$way@example.com" call "$@" --target "users://$user"
    check "$way: gets a prompt" 0 "hold the role user" call "$@" --target review_role --prompt --input-json '{"role": "user"}'
    local eve="{\"email\": \"admin-$way@example.com\", \"name\": \"Eve\", \"role\": \"admin\"}"
    local move="{\"from_id\": $((user + 1)), \"to_id\": $user}"
    check "$way: creates an administrator" 0 "admin-$way" call "$@" --target create_user --input-json "$eve"
    person=decline
    check "$way: declines" 1 "The user declined" call "$@" --target transfer_role --input-json "$move"
    person=
    check "$way: confirms" 0 '"taker"' call "$@" --target transfer_role --input-json "$move"
}

all stdio 1 --command "env DATABASE_URL=$DATABASE_URL $server serve"

"$server" serve --transport http --bind 127.0.0.1:18766 2>"$folder/http.log" &
process=$!
trap 'kill "$process" 2>/dev/null || true' EXIT
for _ in $(seq 50); do
    curl --silent --fail --output /dev/null http://127.0.0.1:18766/health && break
    sleep 0.1
done
all http 3 --server-spec http://127.0.0.1:18766/mcp

echo "fastmcp: $passed passed, $failed failed"
[[ $failed == 0 ]]
