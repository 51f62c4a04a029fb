#!/usr/bin/env bash
# Who may call a server over HTTP, and what those hear who may not: with keys, and with the tokens of
# the OpenID provider that oidc.sh has started.
#
#     tests/e2e/callers.sh SERVER FOLDER
#
# SERVER is the built users server. MCPGEN_TEST_ISSUER and MCPGEN_TEST_TOLD are the provider's, and
# FOLDER/known.crt vouches for it.
set -euo pipefail
server=$(realpath "$1")
folder=$(realpath "$2")

passed=0
failed=0
# check NAME EXPECTED FOUND: FOUND holds EXPECTED, as a glob has it.
check() {
    # shellcheck disable=SC2053
    if [[ $3 == *$2* ]]; then
        echo "ok      $1"
        passed=$((passed + 1))
    else
        printf 'FAILED  %s\n  expected: %s\n  found:    %s\n' "$1" "$2" "$3"
        failed=$((failed + 1))
    fi
}

# A key of a client who reads, one of a client who may do everything, and one that has ended.
for name in reads does ended; do
    scopes='*' ends=()
    [[ $name == reads ]] && scopes=users:read
    [[ $name == ended ]] && ends=(--expires 2020-01-01T00:00:00Z)
    "$server" key "$name" --scopes "$scopes" "${ends[@]}" >"$folder/$name.txt"
done
shown() { sed -n 's/^key: *//p' "$folder/$1.txt"; }
entry() { sed -n 's/^entry: //p' "$folder/$1.txt"; }
check "an unknown scope gets no key" "there is no scope" "$("$server" key x --scopes users:reed 2>&1 || true)"

port=$(node -e 'const s = require("net").createServer().listen(0, "127.0.0.1", () => { console.log(s.address().port); s.close() })')
url=http://127.0.0.1:$port
rm -f "$folder"/callers.db*
USERS_API_KEYS="[$(entry reads),$(entry does),$(entry ended)]" \
    OIDC_ISSUER=$MCPGEN_TEST_ISSUER OIDC_AUDIENCE=https://mcp.example/mcp SSL_CERT_FILE=$folder/known.crt \
    DATABASE_URL=sqlite:$folder/callers.db PUBLIC_URL=https://mcp.example/ \
    "$server" serve --transport http --bind "127.0.0.1:$port" >"$folder/callers.log" 2>&1 &
process=$!
trap 'kill $process' EXIT
until curl --silent --fail "$url/health" >/dev/null; do
    kill -0 "$process" || { cat "$folder/callers.log"; exit 1; }
    sleep 0.1
done

# send METHOD PARAMS HEADER…: status, what is asked for in WWW-Authenticate, and the body, in one line.
send() {
    local method=$1 params=$2 headers=()
    shift 2
    for header in "$@"; do headers+=(-H "$header"); done
    curl --silent --include "$url/mcp" -H 'Content-Type: application/json' "${headers[@]}" \
        -H 'Accept: application/json, text/event-stream' -H 'MCP-Protocol-Version: 2025-11-25' \
        -d '{"jsonrpc":"2.0","id":1,"method":"'"$method"'","params":'"$params"'}' | tr -d '\r' | tr '\n' ' '
}
call() { local tool=$1 arguments=$2; shift 2; send tools/call '{"name":"'"$tool"'","arguments":'"$arguments"'}' "$@"; }
token() { curl --silent "$MCPGEN_TEST_TOLD/token/$1"; }

# Clocks may differ by 30 seconds, so that this one is shown last.
expired=$(token expired)
since=$SECONDS
metadata='resource_metadata="https://mcp.example/.well-known/oauth-protected-resource/mcp"'
found=$(call get_user '{"id":1}')
check "who shows nothing is not known" "401 Unauthorized" "$found"
check "and hears where tokens are to be had" "www-authenticate: Bearer $metadata, scope=\"users:read\"" "$found"
found=$(call get_user '{"id":1}' 'Authorization: Bearer nothing')
check "a key that nobody has is not taken" '401 Unauthorized*error="invalid_token"' "$found"
found=$(call get_user '{"id":1}' "Authorization: Bearer $(shown ended)")
check "a key that has ended is not taken" "401 Unauthorized*the key has expired" "$found"
check "a key is taken" "RECORD_NOT_FOUND" "$(call get_user '{"id":1}' "Authorization: Bearer $(shown reads)")"
check "a key is taken in its own header" "RECORD_NOT_FOUND" "$(call get_user '{"id":1}' "X-API-Key: $(shown reads)")"
found=$(call create_user '{"email":"a@example.com","name":"Ada"}' "Authorization: Bearer $(shown reads)")
check "who lacks a scope hears which" "403 Forbidden*$metadata, error=\"insufficient_scope\", scope=\"users:write\"" "$found"
check "a wildcard stands for all scopes" "Successfully created user" \
    "$(call create_user '{"email":"a@example.com","name":"Ada"}' "Authorization: Bearer $(shown does)")"
check "a key in the URL is none" "401 Unauthorized" "$(curl --silent --include "$url/mcp?access_token=$(shown does)" \
    -H 'Content-Type: application/json' -d '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"get_user","arguments":{"id":1}}}')"
check "two keys are none" "401 Unauthorized" \
    "$(call get_user '{"id":1}' "Authorization: Bearer $(shown reads)" "Authorization: Bearer $(shown does)")"
check "nobody sees what is public alone" '"tools":[]' "$(send tools/list '{}')"
check "and reads it" "200 OK*docs://api" "$(send resources/read '{"uri":"docs://api"}')"
found=$(send tools/list '{}' "Authorization: Bearer $(shown reads)")
check "lists show what the caller may use" "query_users" "$found"
check "and nothing else" "no" "$(grep -q create_user <<<"$found" && echo yes || echo no)"
found=$(curl --silent "$url/.well-known/oauth-protected-resource/mcp")
check "the metadata name the resource" '"resource":"https://mcp.example/mcp"' "$found"
check "and the issuer" "\"authorization_servers\":\\[\"$MCPGEN_TEST_ISSUER\"\\]" "$found"

# A session is its caller's alone.
initialize='{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"test","version":"1"}}'
found=$(send initialize "$initialize" "Authorization: Bearer $(shown reads)")
session=$(grep -oiE 'mcp-session-id: [^ ]+' <<<"$found" | cut -d' ' -f2)
check "its caller uses a session" "RECORD_NOT_FOUND" \
    "$(call get_user '{"id":2}' "Mcp-Session-Id: $session" "Authorization: Bearer $(shown reads)")"
check "nobody else does" "404 Not Found" \
    "$(call get_user '{"id":2}' "Mcp-Session-Id: $session" "Authorization: Bearer $(shown does)")"

for kind in good es256; do
    check "a token is taken: $kind" '"email":"a@example.com"' "$(call get_user '{"id":1}' "Authorization: Bearer $(token "$kind")")"
done
found=$(call create_user '{"email":"b@example.com","name":"Bob"}' "Authorization: Bearer $(token good)")
check "a token gives its scopes and no other" "403 Forbidden" "$found"
for kind in ps256 wrong-audience wrong-issuer none confused tampered opaque; do
    found=$(call get_user '{"id":1}' "Authorization: Bearer $(token "$kind")")
    check "a token is not taken: $kind" '401 Unauthorized*error="invalid_token"' "$found"
done
while ((SECONDS < since + 33)); do sleep 1; done
found=$(call get_user '{"id":1}' "Authorization: Bearer $expired")
check "a token is not taken: expired" '401 Unauthorized*the token has expired' "$found"
good=$(token good)
kill -0 "$process"
check "no key and no token is in the log" "no" \
    "$(grep -qF -e "$(shown reads)" -e "$(shown ended)" -e "$good" -e eyJ "$folder/callers.log" && echo yes || echo no)"

# Over stdio the caller is the server's own.
over_stdio() {
    printf '%s\n' '{"jsonrpc":"2.0","id":0,"method":"initialize","params":'"$initialize"'}' \
        '{"jsonrpc":"2.0","method":"notifications/initialized"}' \
        '{"jsonrpc":"2.0","id":1,"method":"tools/call","params":{"name":"update_user","arguments":{"id":1,"name":"Eve"}}}' |
        USERS_API_KEYS="[$(entry reads),$(entry does)]" ACCESS_TOKEN=$1 DATABASE_URL=sqlite:$folder/callers.db \
            "$server" serve 2>&1 | tr '\n' ' '
}
check "over stdio a scope is asked for" "PERMISSION_DENIED" "$(over_stdio "$(shown reads)")"
check "and had" '"name":"Eve"' "$(over_stdio "$(shown does)")"
check "a key that is not known ends it" "ACCESS_TOKEN is not taken" "$(over_stdio nothing)"
check "half of a setup ends it" "OIDC_AUDIENCE is not set" \
    "$(OIDC_ISSUER=https://login.example "$server" serve </dev/null 2>&1 || true)"
check "development is for this machine alone" "others could call" \
    "$("$server" serve --transport http --bind 0.0.0.0:0 2>&1 || true)"

echo "callers: $passed passed, $failed failed"
[[ $failed == 0 ]]
