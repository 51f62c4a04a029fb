"""A real Prometheus, a receiver of OTLP, and a client that counts for itself, against the store.

    tests/e2e/observability.py SERVER PROMETHEUS FOLDER

SERVER is the built binary, DATABASE_URL an empty database of PostgreSQL, FOLDER a place for what is
left. It needs the package opentelemetry-proto.
"""

import collections
import concurrent.futures
import http.server
import json
import os
import pathlib
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.parse
import urllib.request

from opentelemetry.proto.collector.metrics.v1.metrics_service_pb2 import (
    ExportMetricsServiceRequest,
)
from opentelemetry.proto.collector.trace.v1.trace_service_pb2 import (
    ExportTraceServiceRequest,
)

server_binary, prometheus_binary, folder = sys.argv[1:]
folder = pathlib.Path(folder)
folder.mkdir(parents=True, exist_ok=True)
spans, metrics, resources = [], {}, []
checks = {"passed": 0, "failed": 0}


def check(name, good, found=""):
    print(f"{'ok     ' if good else 'FAILED '} {name}" + ("" if good else f": {found}"))
    checks["passed" if good else "failed"] += 1


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def attributes(thing):
    values = {}
    for pair in thing.attributes:
        values[pair.key] = getattr(pair.value, pair.value.WhichOneof("value"))
    return values


class Receiver(http.server.BaseHTTPRequestHandler):
    """Takes what an OTLP collector takes, and keeps it."""

    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"]))
        if self.path == "/v1/traces":
            for resource in ExportTraceServiceRequest.FromString(body).resource_spans:
                resources.append(attributes(resource.resource))
                for scope in resource.scope_spans:
                    spans.extend(scope.spans)
        else:
            for resource in ExportMetricsServiceRequest.FromString(body).resource_metrics:
                for scope in resource.scope_metrics:
                    metrics.update({metric.name: metric for metric in scope.metrics})
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def get(url):
    try:
        with urllib.request.urlopen(url, timeout=10) as answer:
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def wait_for(what, condition, seconds=30):
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if condition():
            return True
        time.sleep(0.2)
    print(f"waited in vain for {what}")
    return False


receiver = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Receiver)
threading.Thread(target=receiver.serve_forever, daemon=True).start()
port, management, scraper = free_port(), free_port(), free_port()
base, managed = f"http://127.0.0.1:{port}", f"http://127.0.0.1:{management}"
subprocess.run([server_binary, "migrate"], check=True, stdout=subprocess.DEVNULL)
log = (folder / "server.log").open("w+")
server = subprocess.Popen(
    [server_binary, "serve", "--transport", "http", "--bind", f"127.0.0.1:{port}"],
    stderr=log,
    env=os.environ
    | {
        "MANAGEMENT_BIND": f"127.0.0.1:{management}",
        "OTEL_EXPORTER_OTLP_ENDPOINT": f"http://127.0.0.1:{receiver.server_port}",
        "OTEL_RESOURCE_ATTRIBUTES": "deployment.environment.name=ci",
    },
)
prometheus = None

TRACE, PARENT = "0af7651916cd43dd8448eb211c80319c", "b7ad6b7169203331"
OTHER, OTHER_PARENT = "1af7651916cd43dd8448eb211c80319d", "c7ad6b7169203332"
SECRET = "nobody-shall-see@example.com"


def call(tool, arguments, meta=None, head=None, timeout=30):
    params = {"name": tool, "arguments": arguments} | ({"_meta": meta} if meta else {})
    body = {"jsonrpc": "2.0", "id": 7, "method": "tools/call", "params": params}
    request = urllib.request.Request(
        f"{base}/mcp",
        json.dumps(body).encode(),
        {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"}
        | (head or {}),
    )
    with urllib.request.urlopen(request, timeout=timeout) as answer:
        return json.load(answer)


def status(answer):
    if "error" in answer:
        return None
    return "error" if answer["result"].get("isError") else "success"


try:
    def is_up():
        try:
            return get(f"{managed}/readyz")[0] == 200
        except OSError:
            return False

    check("the server is ready", wait_for("the server", is_up))
    code, text = get(f"{managed}/health")
    health = json.loads(text)
    check("its health", code == 200 and health["status"] == "ok", text)
    check("its memory", health.get("memory_bytes", 0) > 1_000_000, text)
    check("management is not beside /mcp", get(f"{base}/metrics")[0] == 404)

    config = folder / "prometheus.yml"
    config.write_text(
        "global: { scrape_interval: 1s }\n"
        "scrape_configs:\n"
        f"  - {{ job_name: store, static_configs: [{{ targets: ['127.0.0.1:{management}'] }}] }}\n"
    )
    prometheus = subprocess.Popen(
        [
            prometheus_binary,
            f"--config.file={config}",
            f"--storage.tsdb.path={folder / 'prometheus'}",
            f"--web.listen-address=127.0.0.1:{scraper}",
        ],
        stderr=(folder / "prometheus.log").open("w"),
    )

    # What the client counts for itself: by tool and status, and errors of the protocol.
    counted, errors = collections.Counter(), 0
    customer = {"email": SECRET, "name": "Ada"}
    calls = (
        [("category_tree", {})] * 40
        + [("low_stock", {})] * 25
        + [("get_customer", {"no_such_argument": 1})] * 12
        + [("no_such_tool", {})] * 5
        + [("create_customer", customer)] * 3
    )
    with concurrent.futures.ThreadPoolExecutor(8) as pool:
        for (tool, _), answer in zip(calls, pool.map(lambda each: call(*each), calls)):
            if status(answer) is None:
                errors += 1
            else:
                counted[tool, status(answer)] += 1
    by_meta = f"00-{TRACE}-{PARENT}-01"
    counted["category_tree", status(call("category_tree", {}, meta={"traceparent": by_meta}))] += 1
    by_header = {"traceparent": f"00-{OTHER}-{OTHER_PARENT}-01"}
    counted["low_stock", status(call("low_stock", {}, head=by_header))] += 1
    check("the client's calls were answered", sum(counted.values()) == 82 and errors == 5, counted)

    def query(expression):
        url = f"http://127.0.0.1:{scraper}/api/v1/query?query={urllib.parse.quote(expression)}"
        try:
            return json.loads(get(url)[1])["data"]["result"]
        except OSError:
            return []

    def scraped():
        found = query("mcp_tool_executions_total > 0")
        return {
            (each["metric"]["tool_name"], each["metric"]["status"]): int(each["value"][1])
            for each in found
        }

    wait_for("Prometheus", lambda: scraped() == dict(counted))
    check("Prometheus has the client's count", scraped() == dict(counted), (scraped(), counted))
    timed = query("sum(mcp_tool_execution_duration_seconds_count)")
    check("as many were timed", timed and int(timed[0]["value"][1]) == 82, timed)
    unknown = query('mcp_errors_total{method="tools/call",error_type="INVALID_PARAMS"}')
    check("unknown tools count as errors", unknown and unknown[0]["value"][1] == "5", unknown)
    check("and not by name", query('{tool_name="no_such_tool"}') == [])
    quantile = query(
        'histogram_quantile(0.5, sum by (le) (mcp_tool_execution_duration_seconds_bucket))'
    )
    check("it can say a median", quantile and 0 < float(quantile[0]["value"][1]) < 10, quantile)
    for name in [
        "mcp_active_connections",
        'mcp_db_pool_connections{pool="read"}',
        'mcp_db_pool_wait_seconds_count{pool="write"} > 0',
        "process_cpu_seconds_total",
        "process_resident_memory_bytes > 1000000",
    ]:
        check(f"it has {name}", query(name) != [])

    server.send_signal(signal.SIGTERM)
    check("the server ends cleanly", server.wait(40) == 0)
    wait_for("spans", lambda: len(spans) > 82)
    requests = [span for span in spans if span.name.startswith("tools/call ")]
    check("each call of a tool is a span", len(requests) == 82, len(requests))
    names = {span.name for span in requests}
    check("unknown tools have none", "tools/call no_such_tool" not in names, names)
    for trace, parent in [(TRACE, PARENT), (OTHER, OTHER_PARENT)]:
        of_trace = [span for span in spans if span.trace_id.hex() == trace]
        top = [span for span in of_trace if span.parent_span_id.hex() == parent]
        check("a call is part of the caller's trace", len(top) == 1, of_trace)
        below = [span for span in of_trace if top and span.parent_span_id == top[0].span_id]
        check("its statement is below it", len(below) == 1 and below[0].kind == 3, of_trace)
        said, asked = attributes(top[0]), attributes(below[0])
        tool = top[0].name.removeprefix("tools/call ")
        expected = {"mcp.method.name": "tools/call", "gen_ai.tool.name": tool,
                    "gen_ai.operation.name": "execute_tool", "network.transport": "tcp"}
        check("it says what the conventions want", expected.items() <= said.items(), said)
        expected = {"db.system.name": "postgresql", "db.operation.name": "SELECT"}
        check("and so does the statement", expected.items() <= asked.items(), asked)
        check("by its summary", asked["db.query.summary"].startswith("SELECT"), asked)
    refused = [span for span in requests if span.name == "tools/call get_customer"]
    kinds = {attributes(span).get("error.type") for span in refused}
    check("an error is one", kinds == {"tool_error"} and refused[0].status.code == 2, refused[:1])
    check("no argument leaves", not any(SECRET in str(span) for span in spans))
    check(
        "it says who it is",
        resources
        and resources[0].get("service.name") == "store"
        and resources[0].get("deployment.environment.name") == "ci",
        resources[:1],
    )
    points = metrics.get("mcp.server.operation.duration")
    points = points.histogram.data_points if points else []
    check("durations are metrics too", sum(point.count for point in points) == 82, points)
    check("of statements as well", "db.client.operation.duration" in metrics, list(metrics))
    log.seek(0)
    lines = [json.loads(line) for line in log if line.strip()]
    check("the log is JSON", any("serving http" in line["message"] for line in lines), lines[:3])
finally:
    for process in [server, prometheus]:
        if process and process.poll() is None:
            process.terminate()
            process.wait(20)

print(f"observability: {checks['passed']} passed, {checks['failed']} failed")
sys.exit(checks["failed"] != 0)
