"""Servers under load while their database is killed and brought back, and while they are told to stop.

    tests/e2e/resilience.py STORE PROGRAMS THINGS MARIADBD FOLDER

STORE and THINGS are the built binaries of the store and of tests/smallest/retry-only.yaml, PROGRAMS the
folder with PostgreSQL's own (initdb, pg_ctl, psql), MARIADBD the program of MariaDB, FOLDER a place for
databases of their own and for what is left. As root they run as `postgres` and `mysql`.
"""

import collections
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request

store_binary, programs, things_binary, mariadbd, folder = sys.argv[1:]
programs, folder = pathlib.Path(programs), pathlib.Path(folder).resolve()
folder.mkdir(parents=True, exist_ok=True)
checks = {"passed": 0, "failed": 0}
WORKERS = 12


def check(name, good, found=""):
    print(f"{'ok     ' if good else 'FAILED '} {name}" + ("" if good else f": {found}"), flush=True)
    checks["passed" if good else "failed"] += 1


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(condition, seconds=30):
    """How long it took until the condition held; None where it did not."""
    begun = time.monotonic()
    while time.monotonic() - begun < seconds:
        if condition():
            return time.monotonic() - begun
        time.sleep(0.05)
    return None


# What calls fail with while the database is away: changes, whose lines could not be kept, with the second.
AWAY = {"CONNECTION_ERROR", "AUDIT_UNAVAILABLE"}


class Postgres:
    """A PostgreSQL that is there to be killed. What it has committed is on the disk."""

    def __init__(self):
        self.port, self.home = free_port(), folder / "postgres"
        self.data = self.home / "data"
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        self.as_user = []
        if os.getuid() == 0:
            shutil.chown(self.home, "postgres")
            self.as_user = ["runuser", "-u", "postgres", "--"]
        self.run("initdb", "--auth=trust", "--username=postgres", "--encoding=UTF8", "--no-sync")
        self.url = f"postgres://postgres@127.0.0.1:{self.port}/postgres"

    def run(self, program, *arguments, good=True):
        command = [*self.as_user, str(programs / program), f"--pgdata={self.data}", *arguments]
        with (self.home.parent / "postgres.log").open("a") as log:
            # What it starts keeps the log open.
            ended = subprocess.run(command, cwd="/", stdout=log, stderr=log)
        if good and ended.returncode != 0:
            raise SystemExit(f"{program} failed: see {log.name}")
        return ended.returncode == 0

    def start(self):
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
            "-c max_connections=100"
        )
        command = ["--wait", "--silent", f"--options={options}", "start"]
        # Processes of the one that was killed may still have its memory.
        for _ in range(20):
            if self.run("pg_ctl", *command, good=False):
                return
            time.sleep(0.5)
        raise SystemExit("PostgreSQL does not start")

    def kill(self):
        """The server itself, with SIGKILL; its processes notice."""
        os.kill(int((self.data / "postmaster.pid").read_text().splitlines()[0]), signal.SIGKILL)

    def stop(self):
        self.run("pg_ctl", "--mode=immediate", "--silent", "stop", good=False)

    def ask(self, sql):
        command = [str(programs / "psql"), self.url, "-qAtX", "-c", sql]
        return subprocess.run(command, check=True, capture_output=True, text=True).stdout


class MariaDb:
    """The same of MariaDB."""

    def __init__(self):
        self.port, self.home = free_port(), folder / "mariadb"
        self.socket = self.home / "socket"
        shutil.rmtree(self.home, ignore_errors=True)
        self.home.mkdir()
        self.as_user = []
        if os.getuid() == 0:
            shutil.chown(self.home, "mysql")
            self.as_user = ["--user=mysql"]
        self.log = (folder / "mariadb.log").open("w")
        subprocess.run(
            ["mariadb-install-db", "--no-defaults", *self.as_user, f"--datadir={self.home}/data",
             "--auth-root-authentication-method=normal", "--skip-test-db"],
            check=True, stdout=self.log, stderr=self.log,
        )
        self.process = None
        self.url = f"mysql://root@127.0.0.1:{self.port}/things"

    def start(self):
        self.process = subprocess.Popen(
            [mariadbd, "--no-defaults", *self.as_user, f"--datadir={self.home}/data",
             f"--port={self.port}", "--bind-address=127.0.0.1", f"--socket={self.socket}",
             f"--pid-file={self.home}/pid"],
            stdout=self.log, stderr=self.log,
        )
        if wait_for(lambda: self.client("SELECT 1").returncode == 0) is None:
            raise SystemExit(f"MariaDB does not start: see {self.log.name}")

    def kill(self):
        self.process.kill()
        self.process.wait()

    def stop(self):
        self.process.terminate()
        self.process.wait()

    def client(self, sql):
        command = ["mariadb", "--no-defaults", f"--socket={self.socket}", "--user=root"]
        command += ["--batch", "--skip-column-names", f"--execute={sql}"]
        return subprocess.run(command, capture_output=True, text=True)

    def ask(self, sql):
        answer = self.client(f"USE things; {sql}")
        if answer.returncode:
            raise SystemExit(answer.stderr)
        return answer.stdout


class Store:
    """What the load asks of the store: something to read, and something to write."""

    binary, has_breaker, read, write = store_binary, True, "get_customer", "add_address"
    written = "SELECT line1 FROM addresses WHERE line1 LIKE"

    def prepare(self, client, number, name):
        email = f"{name}@example.com"
        content, kind = client.call("create_customer", {"email": email, "name": "A customer"})
        if kind:
            raise SystemExit(f"no customer: {content}")
        return content["customer"]["id"], email

    def reads(self, id):
        return {"id": id}

    def writes(self, id, line):
        return {"customer_id": id, "line1": line, "postcode": "1", "city": "A", "country": "NL"}

    def was_read(self, content):
        return content["customer"]["email"]

    def was_written(self, content, line):
        return content["address"]["line1"] == line


class Things:
    """The same of the server of tests/smallest/retry-only.yaml, which has no breaker."""

    binary, has_breaker, read, write = things_binary, False, "get", "add"
    written = "SELECT id FROM things WHERE id LIKE"

    def prepare(self, client, number, name):
        content, kind = client.call("add", {"id": number})
        if kind:
            raise SystemExit(f"no thing: {content}")
        return number, number

    def reads(self, id):
        return {"id": id}

    def writes(self, _, line):
        return {"id": int(line)}

    def was_read(self, content):
        return content["row"]["id"]

    def was_written(self, content, _):
        return content["affected"] == 1


class Server:
    """A server over HTTP."""

    def __init__(self, database, subject, name):
        self.port, self.subject = free_port(), subject
        # The smallest has no port for management.
        self.management = free_port() if subject.has_breaker else self.port
        self.log = (folder / f"{name}.log").open("w")
        self.process = subprocess.Popen(
            [subject.binary, "serve", "--transport", "http", "--bind", f"127.0.0.1:{self.port}"],
            stderr=self.log,
            env=os.environ
            | {"DATABASE_URL": database.url, "MANAGEMENT_BIND": f"127.0.0.1:{self.management}"},
        )
        if wait_for(lambda: self.ready() == 200) is None:
            raise SystemExit(f"the server is not ready: see {self.log.name}")

    def get(self, path):
        try:
            url = f"http://127.0.0.1:{self.management}{path}"
            with urllib.request.urlopen(url, timeout=15) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()
        except OSError:
            return None, ""

    def ready(self):
        return self.get("/readyz")[0]

    def memory(self):
        return json.loads(self.get("/health")[1])["memory_bytes"]

    def counted(self):
        """What /metrics says, by name and labels."""
        lines = (line for line in self.get("/metrics")[1].splitlines() if line[:1] != "#")
        return {name: float(value) for name, value in (line.rsplit(" ", 1) for line in lines)}


def message(tool, arguments, number=1):
    params = {"name": tool, "arguments": arguments}
    return {"jsonrpc": "2.0", "id": number, "method": "tools/call", "params": params}


class Client:
    """One connection after the other, each kept as long as the server keeps it."""

    def __init__(self, port):
        self.port, self.connection, self.told_to_leave = port, None, 0

    def call(self, tool, arguments):
        """The structured content, and the type of the error or None; OSError where none came."""
        if self.connection is None:
            self.connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=60)
            self.connection.connect()
            self.connection.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        head = {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        try:
            self.connection.request("POST", "/mcp", json.dumps(message(tool, arguments)), head)
            answer = self.connection.getresponse()
            body = answer.read()
        except (OSError, http.client.HTTPException) as error:
            self.connection = None
            raise BrokenConnection(repr(error)) from error
        if answer.getheader("Connection", "").lower() == "close":
            self.told_to_leave += 1
            self.connection.close()
            self.connection = None
        result = json.loads(body)["result"]
        content = result["structuredContent"]
        return content, content["type"] if result.get("isError") else None


class BrokenConnection(Exception):
    """A request went out, and no answer came."""


class Load:
    """Readers and writers, and what became of each of their calls."""

    runs = 0

    def __init__(self, server, known, writes=0.4):
        self.server, self.subject, self.known, self.writes = server, server.subject, known, writes
        Load.runs += 1
        self.run, self.ends = Load.runs, threading.Event()
        self.lock = threading.Lock()
        self.lines = {}  # what was to be written: "kept", "not", "perhaps"
        self.counts = collections.Counter()  # (tool, type of error or None)
        self.calls = []  # (begun, took, type of error or None)
        self.wrong, self.broken, self.refused, self.told = [], [], 0, 0
        self.threads = [threading.Thread(target=self.work, args=(n,)) for n in range(WORKERS)]
        for thread in self.threads:
            thread.start()

    def work(self, number):
        client, chance, count = Client(self.server.port), random.Random(number), 0
        while not self.ends.is_set():
            count += 1
            id, name = chance.choice(self.known)
            line = None
            tool, arguments = self.subject.read, self.subject.reads(id)
            if chance.random() < self.writes:
                line = f"{self.run}{number:02}{count:06}"
                tool, arguments = self.subject.write, self.subject.writes(id, line)
            begun = time.monotonic()
            try:
                content, kind = client.call(tool, arguments)
            except BrokenConnection as error:
                with self.lock:
                    self.broken.append((line, str(error)))
                    if line:
                        self.lines[line] = "perhaps"
                break
            except OSError:
                self.refused += 1
                break
            took = time.monotonic() - begun
            with self.lock:
                self.calls.append((begun, took, kind))
                self.counts[tool, kind] += 1
                if line:
                    unsure = kind and "may or may not" in content["message"]
                    self.lines[line] = "kept" if kind is None else "perhaps" if unsure else "not"
                if kind is None:
                    if line:
                        good = self.subject.was_written(content, line)
                    else:
                        good = self.subject.was_read(content) == name
                    if not good:
                        self.wrong.append((content, line or name))
                elif kind not in AWAY or not (content["retryable"] or unsure):
                    self.wrong.append(content)
        with self.lock:
            self.told += client.told_to_leave

    def end(self):
        self.ends.set()
        for thread in self.threads:
            thread.join(60)

    def check_rows(self, database, name):
        """Each write was done once where that was said, and never where the contrary was."""
        rows = database.ask(f"{self.subject.written} '{self.run}{'_' * 8}'").split()
        found = collections.Counter(rows)
        twice = [line for line, count in found.items() if count > 1]
        lost = [line for line, state in self.lines.items() if state == "kept" and line not in found]
        done = [line for line, state in self.lines.items() if state == "not" and line in found]
        strange = [line for line in found if line not in self.lines]
        kept = sum(state == "kept" for state in self.lines.values())
        check(f"{name}: {kept} writes were acknowledged, and are there", kept and not lost, lost[:5])
        check(f"{name}: none was done twice", not twice, twice[:5])
        check(f"{name}: none was done that was said to have failed", not done, done[:5])
        check(f"{name}: nothing else was written", not strange, strange[:5])
        check(f"{name}: no wrong answer", not self.wrong, self.wrong[:5])


def prepared(server):
    """Things that can be read: what they are known by, and what is read then."""
    client, port = Client(server.port), server.port
    return [server.subject.prepare(client, n, f"known-{port}-{n}") for n in range(20)]


def killed_and_brought_back(database, subject, of):
    server = Server(database, subject, of)
    load = Load(server, prepared(server))
    time.sleep(2)
    memory = subject.has_breaker and server.memory()
    for way, away in [(f"{of}: kill -9", database.kill), (f"{of}: stop", database.stop)]:
        away()
        begun = time.monotonic()
        took = wait_for(lambda: server.ready() == 503)
        check(f"{way}: not ready soon", took is not None and took < 5, took)
        time.sleep(1)
        refused_from = time.monotonic()
        time.sleep(2)
        refused_until = time.monotonic()
        open_seen = subject.has_breaker and server.counted()['mcp_db_breaker_state{state="closed"}'] == 0
        database.start()
        back = time.monotonic()
        took = wait_for(lambda: server.ready() == 200)
        check(f"{way}: ready again by itself", took is not None and took < 15, took)
        time.sleep(2)
        with load.lock:
            calls = list(load.calls)
        away_calls = [call for call in calls if refused_from <= call[0] and call[0] + call[1] <= refused_until]
        kinds = {kind for _, _, kind in away_calls}
        slow = sorted(took for _, took, _ in away_calls)
        fast = slow and slow[int(len(slow) * 0.99)] < 1
        p50, p99 = (slow[len(slow) // 2], slow[int(len(slow) * 0.99)]) if slow else (0, 0)
        check(
            f"{way}: {len(slow)} calls failed fast: half within {p50 * 1000:.1f} ms, 99 % within {p99 * 1000:.1f} ms",
            fast and len(slow) >= 100, (len(slow), slow[-3:]),
        )
        known = "CONNECTION_ERROR" in kinds and kinds <= AWAY
        check(f"{way}: all of them say that it is away, or that changes cannot be recorded", known, kinds)
        check(f"{way}: the breaker was open", open_seen or not subject.has_breaker)
        late = [call for call in calls if call[0] > back + 12 and call[2]]
        check(f"{way}: nothing fails when it is back", not late, late[:3])
        print(f"        it was away for {back - begun:.1f} s, and served again {took or 0:.1f} s later")
    load.end()
    check(f"{of}: no connection of a client broke", not load.broken and not load.refused, load.broken[:3])
    if subject.has_breaker:
        counts(server, load, memory)
    load.check_rows(database, of)
    server.process.terminate()
    check(f"{of}: the server ends with 0", server.process.wait(80) == 0, server.process.returncode)


def counts(server, load, memory):
    """What the server counted is what its clients did."""
    counted, total = server.counted(), collections.Counter()
    for (tool, kind), count in load.counts.items():
        total[tool, "error" if kind else "success"] += count
    expected = {
        f'mcp_tool_executions_total{{tool_name="{tool}",status="{status}"}}': count
        for (tool, status), count in total.items()
    }
    errors = collections.Counter(kind for (_, kind), n in load.counts.items() if kind for _ in range(n))
    for kind, count in errors.items():
        expected[f'mcp_errors_total{{method="tools/call",error_type="{kind}"}}'] = count
    found = {name: counted.get(name) for name in expected}
    check(f"the server counted {sum(total.values())} calls as their clients did", found == expected, (found, expected))
    opened = counted.get('mcp_db_breaker_transitions_total{state="open"}', 0)
    check("the breaker opened for each of the two", opened >= 2, opened)
    grown = server.memory() - memory
    check(f"memory grew by {grown / 1e6:.1f} MB", grown < 30e6, memory)


class Lock:
    """A lock on the table that is written to, until it is let go."""

    def __init__(self, database):
        self.session = subprocess.Popen(
            [str(programs / "psql"), database.url, "-qAtX"],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
        )
        self.session.stdin.write("BEGIN; LOCK TABLE addresses IN EXCLUSIVE MODE; SELECT 'locked';\n")
        self.session.stdin.flush()
        assert self.session.stdout.readline().strip() == "locked"

    def let_go(self):
        self.session.communicate("COMMIT;\n")


def drained_over_http(database, subject):
    server = Server(database, subject, "stop")
    load = Load(server, prepared(server))
    time.sleep(1)
    # What is written now waits, and is under way when the server is told to stop.
    lock = Lock(database)
    time.sleep(0.5)
    server.process.terminate()
    took = wait_for(lambda: server.ready() == 503, 5)
    check("stop: not ready at once", took is not None and took < 1, took)
    time.sleep(1)
    check("stop: it waits for what is under way", server.process.poll() is None)
    lock.let_go()
    code = server.process.wait(80)
    load.end()
    check("stop: the server ends with 0", code == 0, code)
    check("stop: every request was answered", not load.broken, load.broken[:5])
    errors = {kind for _, kind in load.counts if kind}
    check("stop: none with an error", not errors, errors)
    check(f"stop: {load.told} answers said that the connection ends", load.told >= WORKERS, load.told)
    load.check_rows(database, "stop")


def drained_over_stdio(database, subject, known):
    process = subprocess.Popen(
        [subject.binary, "serve"],
        stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=(folder / "stdio.log").open("w"),
        text=True, env=os.environ | {"DATABASE_URL": database.url},
    )

    def say(line):
        process.stdin.write(json.dumps({"jsonrpc": "2.0"} | line) + "\n")
        process.stdin.flush()

    info = {"protocolVersion": "2025-11-25", "capabilities": {}, "clientInfo": {"name": "e2e", "version": "1"}}
    say({"id": 0, "method": "initialize", "params": info})
    process.stdout.readline()
    say({"method": "notifications/initialized"})
    lock = Lock(database)
    for number in range(1, 31):
        line = f"stdio-{number}"
        say(message(subject.write, subject.writes(known, line), number))
    time.sleep(1)
    process.terminate()
    time.sleep(1)
    check("stdio: it waits for what is under way", process.poll() is None)
    lock.let_go()
    answers = {answer["id"]: answer for answer in map(json.loads, process.stdout)}
    good = [id for id, answer in answers.items() if not answer["result"].get("isError")]
    check("stdio: the server ends with 0", process.wait(40) == 0, process.returncode)
    check("stdio: every request was answered", sorted(good) == list(range(1, 31)), sorted(answers))
    rows = database.ask("SELECT count(*) FROM addresses WHERE line1 LIKE 'stdio-%'").strip()
    check("stdio: each was done once", rows == "30", rows)


def migrate(database, subject):
    env = os.environ | {"DATABASE_URL": database.url}
    subprocess.run([subject.binary, "migrate"], check=True, stdout=subprocess.DEVNULL, env=env)


database, subject = Postgres(), Store()
try:
    database.start()
    migrate(database, subject)
    killed_and_brought_back(database, subject, "PostgreSQL")
    drained_over_http(database, subject)
    known = database.ask("SELECT id FROM customers LIMIT 1").strip()
    drained_over_stdio(database, subject, known)
finally:
    database.stop()
database, subject = MariaDb(), Things()
try:
    database.start()
    database.client("CREATE DATABASE things CHARACTER SET utf8mb4")
    migrate(database, subject)
    killed_and_brought_back(database, subject, "MariaDB")
finally:
    database.stop()
print(f"{checks['passed']} passed, {checks['failed']} failed")
sys.exit(checks["failed"] > 0)
