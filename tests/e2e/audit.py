"""Calls of all kinds, over HTTP and stdio, and the lines that the store keeps of them, counted.

    tests/e2e/audit.py SERVER PSQL

SERVER is the built binary of the store, DATABASE_URL an empty database of PostgreSQL.
"""

import concurrent.futures
import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request

server_binary, psql_binary = sys.argv[1:]
database = os.environ["DATABASE_URL"]
checks = {"passed": 0, "failed": 0}
# What no line may hold.
SECRETS = ["ada@secret.example", "+31 6 5550", "unseen-value"]


def check(name, good, found=""):
    print(f"{'ok     ' if good else 'FAILED '} {name}" + ("" if good else f": {found}"))
    checks["passed" if good else "failed"] += 1


def sql(text):
    done = subprocess.run(
        [psql_binary, database, "-qAt", "-v", "ON_ERROR_STOP=1", "-c", text],
        check=True, capture_output=True, text=True,
    )
    return done.stdout.strip()


def lines(where="TRUE"):
    """Lines in the order of their calls."""
    rows = sql(f"SELECT row_to_json(l) FROM audit_log l WHERE {where} ORDER BY time, id")
    return [json.loads(row) for row in rows.splitlines()]


def settled(count):
    """Lines are written a moment after their calls."""
    for _ in range(100):
        if int(sql("SELECT count(*) FROM audit_log")) >= count:
            break
        time.sleep(0.1)
    time.sleep(0.3)
    return int(sql("SELECT count(*) FROM audit_log"))


def hold():
    """Holds the table of customers, so that calls wait."""
    holder = subprocess.Popen([psql_binary, database, "-q"], stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
    holder.stdin.write("BEGIN; LOCK TABLE customers;\n")
    holder.stdin.flush()
    until("SELECT count(*) FROM pg_locks WHERE mode = 'AccessExclusiveLock' AND granted "
          "AND relation = 'customers'::regclass", 1)
    return holder


def let_go(holder):
    holder.communicate("COMMIT;\n")


def until(query, count):
    for _ in range(200):
        if int(sql(query)) >= count:
            return
        time.sleep(0.1)


def waits(count=1):
    """A call has come as far as the table."""
    until("SELECT count(*) FROM pg_locks WHERE NOT granted AND relation = 'customers'::regclass", count)


with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
subprocess.run([server_binary, "migrate"], check=True, stdout=subprocess.DEVNULL)
environment = {**os.environ, "RUST_LOG": "off", "TRUSTED_PROXIES": "127.0.0.1"}
server = subprocess.Popen(
    [server_binary, "serve", "--transport", "http", "--bind", f"127.0.0.1:{port}"], env=environment
)
calls = 0


def body(method, params):
    return json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params}).encode()


def ask(method, params, **headers):
    request = urllib.request.Request(f"http://127.0.0.1:{port}/mcp", body(method, params))
    request.add_header("Content-Type", "application/json")
    request.add_header("Accept", "application/json, text/event-stream")
    for name, value in headers.items():
        request.add_header(name.replace("_", "-"), value)
    try:
        with urllib.request.urlopen(request) as answer:
            return json.loads(answer.read() or "null")
    except urllib.error.HTTPError as error:
        return json.loads(error.read() or "null")


def metric(name):
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/metrics") as answer:
        for line in answer.read().decode().splitlines():
            if line.startswith(name):
                return float(line.split()[-1])
    return None


for _ in range(100):
    try:
        urllib.request.urlopen(f"http://127.0.0.1:{port}/livez")
        break
    except OSError:
        time.sleep(0.1)

customer = {"email": "ada@secret.example", "name": "Ada", "phone": "+31 6 5550"}
trace = "0af7651916cd43dd8448eb211c80319c"
# Method, params, headers; name, outcome and type in the line.
KINDS = [
    ("tools/call", {"name": "create_customer", "arguments": customer},
     {"traceparent": f"00-{trace}-b7ad6b7169203331-01", "X_Forwarded_For": "203.0.113.9"},
     ("create_customer", "success", None)),
    ("tools/call", {"name": "create_customer", "arguments": customer}, {},
     ("create_customer", "error", "UNIQUE_CONSTRAINT_VIOLATION")),
    ("tools/call", {"name": "list_customers", "arguments": {}}, {}, ("list_customers", "success", None)),
    ("tools/call", {"name": "get_customer", "arguments": {"email": "unseen-value"}}, {},
     ("get_customer", "error", "INVALID_ARGUMENTS")),
    ("tools/call", {"name": "get_customer", "arguments": {"id": 1, "x": "unseen-value"}}, {},
     ("get_customer", "error", "INVALID_ARGUMENTS")),
    ("tools/call", {"name": "get_customer", "arguments": {"id": "00000000-0000-4000-8000-000000000000"}}, {},
     ("get_customer", "error", "RECORD_NOT_FOUND")),
    ("tools/call", {"name": "nothing", "arguments": {"x": "unseen-value"}}, {},
     ("nothing", "error", "INVALID_PARAMS")),
    ("tools/call", {"name": "get_customer", "arguments": 5}, {},
     ("get_customer", "error", "INVALID_PARAMS")),
    ("tools/call", {}, {}, (None, "error", "INVALID_PARAMS")),
    ("resources/read", {"uri": "store://categories"}, {}, ("store://categories", "success", None)),
    ("resources/read", {"uri": "store://nothing"}, {}, ("store://nothing", "error", "RECORD_NOT_FOUND")),
    ("prompts/get", {"name": "review_digest", "arguments": {"product": "nothing"}}, {},
     ("review_digest", None, None)),
    ("prompts/get", {"name": "nothing"}, {}, ("nothing", "error", "INVALID_PARAMS")),
    ("completion/complete", {"ref": {"type": "ref/prompt", "name": "review_digest"},
     "argument": {"name": "product", "value": "unseen-value"}}, {}, ("review_digest", None, None)),
]
for method, params, headers, (name, outcome, kind) in KINDS:
    answer = ask(method, params, **headers)
    calls += 1
    count = settled(calls)
    found = lines()[-1] if count else {}
    wanted = [method, name] + ([outcome, kind] if outcome else [])
    keys = ["method", "name"] + (["outcome", "error_type"] if outcome else [])
    said = [found.get(key) for key in keys]
    check(f"{method} {name}: {outcome or 'answered'}", count == calls and said == wanted, (count, found, answer))
    request_id = (answer.get("result", {}).get("structuredContent") or {}).get("request_id")
    if request_id:
        check("  the line has the id of the error", found["request_id"] == request_id, found)
first = lines()[0]
check("the trace is in the line", first["trace_id"] == trace, first)
check("so is the address that a trusted proxy names", first["address"] == "203.0.113.9", first)
check("arguments are there, without what is redacted",
      first["arguments"] == {"email": "[redacted]", "name": "Ada", "phone": "[redacted]"}, first)
check("rows are counted", first["rows"] == 1, first)
check("bytes are those of the answer", lines("name = 'list_customers'")[0]["bytes"] > 100, lines())

for method in ["tools/list", "resources/list", "prompts/list", "ping"]:
    ask(method, {})
check("lists and pings have no lines", settled(calls) == calls, calls)

with concurrent.futures.ThreadPoolExecutor(16) as pool:
    list(pool.map(lambda n: ask("tools/call", {"name": "list_customers", "arguments": {"page_size": 1 + n % 50}}),
                  range(200)))
    list(pool.map(lambda n: ask("tools/call", {"name": "create_customer",
                                               "arguments": {"email": f"n{n}@e.example", "name": "Nn"}}), range(50)))
calls += 250
check("250 calls at one time have 250 lines", settled(calls) == calls, calls)
written = int(sql("SELECT count(*) FROM audit_log WHERE name = 'create_customer' AND outcome = 'success'"))
check("each customer has a line that says so", written == int(sql("SELECT count(*) FROM customers")), written)

# Connections that are closed while their calls wait for a lock.
holder = hold()
for n in range(5):
    with socket.create_connection(("127.0.0.1", port)) as client:
        message = body("tools/call", {"name": "create_customer", "arguments": {"email": f"k{n}@e.example", "name": "Kk"}})
        head = f"POST /mcp HTTP/1.1\r\nHost: localhost\r\nContent-Type: application/json\r\nAccept: application/json, text/event-stream\r\nContent-Length: {len(message)}\r\n\r\n"
        client.sendall(head.encode() + message)
        waits()
    until("SELECT count(*) FROM audit_log WHERE outcome = 'cancelled'", n + 1)
calls += 5
let_go(holder)
check("calls of clients that went away have lines", settled(calls) == calls, calls)
gone = lines("outcome = 'cancelled'")
check("which say that they were cancelled", len(gone) == 5 and gone[0]["name"] == "create_customer", gone)
check("and were undone", sql("SELECT count(*) FROM customers WHERE name = 'Kk'") == "0")

# The table is gone for a while.
sql("ALTER TABLE audit_log RENAME TO audit_log_away")
refused = ask("tools/call", {"name": "create_customer", "arguments": {"email": "x@e.example", "name": "Xx"}})
kind = refused["result"]["structuredContent"]["type"]
check("a change that cannot be written down is refused", kind == "AUDIT_UNAVAILABLE", refused)
check("and not made", sql("SELECT count(*) FROM customers WHERE name = 'Xx'") == "0")
read = ask("tools/call", {"name": "list_customers", "arguments": {}})
check("what only reads is answered", not read["result"].get("isError"), read)
time.sleep(1)
check("lines that are lost are counted", metric("mcp_audit_failures_total") == 2, metric("mcp_audit_failures_total"))
sql("ALTER TABLE audit_log_away RENAME TO audit_log")
ask("tools/call", {"name": "list_customers", "arguments": {}})
calls += 1
check("lines are written again", settled(calls) == calls, calls)
made = ask("tools/call", {"name": "create_customer", "arguments": {"email": "x@e.example", "name": "Xx"}})
calls += 1
check("and changes made", not made["result"].get("isError"), made)

# Over stdio: a call, one that is cancelled, one that runs when the input ends.
holder = hold()
client = subprocess.Popen([server_binary, "serve"], env=environment, stdin=subprocess.PIPE, stdout=subprocess.PIPE)
number = 0


def say(method, params, notify=False):
    global number
    number += 1
    message = {"jsonrpc": "2.0", "method": method, "params": params}
    if not notify:
        message["id"] = number
    client.stdin.write(json.dumps(message).encode() + b"\n")
    client.stdin.flush()
    return number


say("initialize", {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "t", "version": "1"}})
client.stdout.readline()
say("notifications/initialized", {}, notify=True)
say("resources/read", {"uri": "store://categories"})
client.stdout.readline()
waiting = say("tools/call", {"name": "create_customer", "arguments": {"email": "c@e.example", "name": "Cc"}})
waits()
say("notifications/cancelled", {"requestId": waiting}, notify=True)
say("tools/call", {"name": "create_customer", "arguments": {"email": "d@e.example", "name": "Dd"}})
client.stdin.close()
let_go(holder)
client.wait(30)
calls += 3
check("calls over stdio have lines", settled(calls) == calls, calls)
over_stdio = [(line["name"], line["outcome"]) for line in lines("transport = 'stdio'")]
check("each with its end", over_stdio[:2] == [("store://categories", "success"), ("create_customer", "cancelled")]
      and len(over_stdio) == 3, over_stdio)
kept = [line["outcome"] == "success" for line in lines("transport = 'stdio'")][-1]
check("the last says whether it was done", kept == (sql("SELECT count(*) FROM customers WHERE name = 'Dd'") == "1"), over_stdio)

server.send_signal(signal.SIGTERM)
check("the server ends", server.wait(30) == 0)
check("the lines are as many as the calls", int(sql("SELECT count(*) FROM audit_log")) == calls, calls)
check("no two have one id", sql("SELECT count(DISTINCT request_id) FROM audit_log") == str(calls))
for secret in SECRETS:
    found = sql(f"SELECT count(*) FROM audit_log l WHERE l::text LIKE '%{secret}%'")
    check(f"no line holds {secret}", found == "0", found)
print(f"{checks['passed']} passed, {checks['failed']} failed")
sys.exit(checks["failed"] > 0)
