"""Two replicas of the ledger on one Redis: hammered, and with the Redis killed and brought back.

    tests/e2e/limits.py SERVER REDIS_SERVER FOLDER

SERVER is the built binary, DATABASE_URL an empty database of MariaDB, REDIS_SERVER the program that is
started and killed, FOLDER a place for what is left.
"""

import http.client
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time

server_binary, redis_binary, folder = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)
checks = {"passed": 0, "failed": 0}
PASSWORD = "nobody-shall-see"
# What specs/ledger.yaml says: of the server by address, and of search_postings.
RATE, BURST = 20, 200
TOOL_RATE, TOOL_BURST = 20, 40


def check(name, good, found=""):
    print(f"{'ok     ' if good else 'FAILED '} {name}" + ("" if good else f": {found}"))
    checks["passed" if good else "failed"] += 1


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def start_redis():
    return subprocess.Popen(
        [redis_binary, "--port", str(redis_port), "--bind", "127.0.0.1", "--save", "",
         "--appendonly", "no", "--requirepass", PASSWORD],
        stdout=subprocess.DEVNULL,
    )


def redis(*words):
    """What Redis says to a command, in a line."""
    with socket.create_connection(("127.0.0.1", redis_port), timeout=5) as connection:
        for command in (("AUTH", PASSWORD), words):
            parts = [f"${len(word)}\r\n{word}\r\n" for word in command]
            connection.sendall(f"*{len(parts)}\r\n{''.join(parts)}".encode())
            said = connection.recv(4096).decode()
        return said


def start_server(name, environment):
    log = (folder / f"{name}.log").open("w")
    return subprocess.Popen(
        [server_binary, "serve", "--transport", "http"],
        stderr=log,
        stdout=log,
        env=os.environ | {"TRUSTED_PROXIES": "127.0.0.0/8"} | environment,
    )


def get(port, path):
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
    connection.request("GET", path)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


class Client:
    """A client that a trusted proxy asks for, on a connection of its own."""

    def __init__(self, port, address):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        self.head = {
            "Content-Type": "application/json",
            "Accept": "application/json, text/event-stream",
            "X-Forwarded-For": address,
        }

    def ask(self, method, params):
        body = json.dumps({"jsonrpc": "2.0", "id": 1, "method": method, "params": params})
        begun = time.monotonic()
        self.connection.request("POST", "/mcp", body, self.head)
        answer = self.connection.getresponse()
        said = json.loads(answer.read())
        if said.get("result", {}).get("isError"):
            refusal = said["result"]["structuredContent"]
        else:
            refusal = said.get("error", {}).get("data")
        return {
            "status": answer.status,
            "refusal": refusal,
            "kind": refusal and refusal.get("type"),
            "after": answer.headers.get("Retry-After"),
            "took": time.monotonic() - begun,
        }

    def read(self):
        return self.ask("resources/read", {"uri": "docs://guide"})

    def call(self, tool, arguments):
        return self.ask("tools/call", {"name": tool, "arguments": arguments})


def hammer(ask, seconds, address=lambda worker: "198.51.100.1"):
    """Eight clients of each replica ask as often as they can; all answers, and how long it took."""
    answers, lock, begun = [], threading.Lock(), time.monotonic()

    def work(worker, port):
        client, own = Client(port, address(worker)), []
        while time.monotonic() < begun + seconds:
            own.append(ask(client) | {"at": time.monotonic()})
        with lock:
            answers.extend(own)

    threads = [threading.Thread(target=work, args=(i, ports[i % 2])) for i in range(16)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return answers, time.monotonic() - begun


def wait_for(condition, seconds=15):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if condition():
                return True
        except OSError:
            pass
        time.sleep(0.05)
    return False


def shared(port):
    return json.loads(get(port, "/health")[1])["shared"]


redis_port, ports = free_port(), [free_port(), free_port()]
redis_url = f"redis://:{PASSWORD}@127.0.0.1:{redis_port}"
subprocess.run([server_binary, "migrate"], check=True, stdout=subprocess.DEVNULL)
without = subprocess.run(
    [server_binary, "serve"], stdin=subprocess.DEVNULL, capture_output=True, text=True,
    env={name: value for name, value in os.environ.items() if name != "REDIS_URL"},
)
check("no server without REDIS_URL", without.returncode == 1 and "REDIS_URL" in without.stderr, without)
servers, redis_process = [], None
try:
    for index, port in enumerate(ports):
        servers.append(start_server(f"server-{index}", {"BIND": f"127.0.0.1:{port}", "REDIS_URL": redis_url}))
    check("servers begin without their Redis",
          all(wait_for(lambda port=port: get(port, "/readyz")[0] == 200) for port in ports))
    check("and say so", [shared(port) for port in ports] == ["unavailable"] * 2)
    answer = Client(ports[0], "198.51.100.9").read()
    check("what cannot be counted is refused", answer["kind"] == "CONNECTION_ERROR", answer)
    redis_process = start_redis()
    check("they find it by themselves", wait_for(lambda: [shared(port) for port in ports] == ["ok"] * 2))

    answers, elapsed = hammer(Client.read, 4)
    taken = sum(answer["kind"] is None for answer in answers)
    bound = BURST + int(elapsed * RATE)
    print(f"        {len(answers)} requests to two replicas in {elapsed:.2f} s: {taken} taken, bound {bound}")
    check("two replicas hold one bound", taken <= bound, f"{taken} of {bound}")
    check("and refuse no more than they must", taken >= bound * 0.95 - RATE / 2, f"{taken} of {bound}")
    refused = [answer for answer in answers if answer["kind"]]
    check("what is too much is refused as such", {answer["kind"] for answer in refused} == {"RATE_LIMITED"})
    check("with the time to wait, in the answer and in its head",
          all(answer["refusal"]["retry_after"] >= 1 and answer["refusal"]["retryable"]
              and answer["after"] == str(answer["refusal"]["retry_after"]) for answer in refused))
    check("by an answer of HTTP that clients read", {answer["status"] for answer in refused} == {200})
    client = Client(ports[0], "1.2.3.4, 198.51.100.1")
    for _ in range(BURST // 10):
        answer = client.read()
    check("what a client says of itself buys nothing", answer["kind"] == "RATE_LIMITED", answer)
    answer = Client(ports[1], "198.51.100.2").read()
    check("another client is answered", answer["kind"] is None, answer)
    answer = Client(ports[0], "198.51.100.1").read()
    if answer["kind"]:
        time.sleep(answer["refusal"]["retry_after"])
        answer = Client(ports[1], "198.51.100.1").read()
    check("whoever waits is answered", answer["kind"] is None, answer)

    search = lambda client: client.call("search_postings", {})
    answers, elapsed = hammer(search, 2, lambda worker: f"203.0.113.{worker}")
    taken = sum(answer["kind"] != "RATE_LIMITED" for answer in answers)
    bound = TOOL_BURST + int(elapsed * TOOL_RATE)
    print(f"        {len(answers)} calls by 16 clients in {elapsed:.2f} s: {taken} taken, bound {bound}")
    check("a tool has a limit for all clients", bound * 0.9 - TOOL_RATE / 2 <= taken <= bound, f"{taken} of {bound}")
    refused = [answer for answer in answers if answer["kind"] == "RATE_LIMITED"]
    check("of which the result of a call tells",
          all(answer["after"] == str(answer["refusal"]["retry_after"]) for answer in refused) and refused)

    # As other replicas would: until the year 2096.
    for place in ("one", "two"):
        redis("ZADD", "ledger:calls:year_report", "4000000000000", place)
    reports = [Client(port, "198.51.100.3").call("year_report", {"year": 2024}) for port in ports]
    check("no more calls run than may, in all replicas",
          [answer["kind"] for answer in reports] == ["RATE_LIMITED"] * 2, reports)
    redis("DEL", "ledger:calls:year_report")
    answer = Client(ports[0], "198.51.100.3").call("year_report", {"year": 2024})
    check("a place that is free is given away", answer["kind"] is None, answer)
    check("and comes back", wait_for(lambda: redis("ZCARD", "ledger:calls:year_report") == ":0\r\n"))

    # Killed and brought back under load, by clients that are far from their limit.
    killed = {}

    def chaos():
        time.sleep(1)
        redis_process.kill()
        redis_process.wait()
        killed["from"] = time.monotonic()
        time.sleep(1.5)
        killed["ready"] = [get(port, "/readyz")[0] for port in ports]
        killed["shared"] = [shared(port) for port in ports]
        killed["to"] = time.monotonic()
        killed["process"] = start_redis()

    thread = threading.Thread(target=chaos)
    thread.start()
    counter, lock = [0], threading.Lock()

    def slowly(client):
        time.sleep(0.01)
        with lock:
            counter[0] += 1
            client.head["X-Forwarded-For"] = f"192.0.{counter[0] // 100 % 256}.{counter[0] % 100}"
        return client.read()

    answers, elapsed = hammer(slowly, 5)
    thread.join()
    redis_process = killed["process"]
    before = [answer for answer in answers if answer["at"] < killed["from"] - 0.2]
    away = [answer for answer in answers if killed["from"] + 0.1 < answer["at"] < killed["to"]]
    after = [answer for answer in answers if answer["at"] > killed["to"] + 1.5]
    check("all are answered while Redis is there", {answer["kind"] for answer in before} == {None})
    check("none while it is not, since it is closed",
          {answer["kind"] for answer in away} == {"CONNECTION_ERROR"} and len(away) > 100, len(away))
    check("with the time to wait", all(answer["after"] == "1" for answer in away))
    slowest = max(answer["took"] for answer in answers)
    check("nobody waits for it", slowest < 1, slowest)
    check("readiness does not depend on it", killed["ready"] == [200, 200], killed)
    check("but health says it", killed["shared"] == ["unavailable"] * 2, killed)
    check("all are answered when it is back", {answer["kind"] for answer in after} == {None} and after, len(after))

    for server in servers:
        server.send_signal(signal.SIGTERM)
    check("the servers end", [server.wait(timeout=20) for server in servers] == [0, 0])
    logs = "".join((folder / f"server-{index}.log").read_text() for index in range(2))
    check("no password is in the log", PASSWORD not in logs and "Redis answers" in logs, logs[-500:])
finally:
    for process in [*servers, redis_process]:
        if process and process.poll() is None:
            process.kill()
            process.wait()
print(f"{checks['passed']} passed, {checks['failed']} failed")
sys.exit(checks["failed"] > 0)
