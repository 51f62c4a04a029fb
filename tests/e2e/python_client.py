"""Drives the users server with the official Python SDK, over stdio and over HTTP.

    python tests/e2e/python_client.py SERVER

SERVER is the built binary. Needs the package mcp, version 2.
"""

import asyncio
import contextlib
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
import tempfile
import urllib.request

from mcp import Client, MCPError, StdioServerParameters
from mcp.types import ElicitResult

passed = failed = 0


def check(name, holds, found=""):
    global passed, failed
    if holds:
        passed += 1
        print(f"ok      {name}")
    else:
        failed += 1
        print(f"FAILED  {name}: {found}")


async def session(way, server, mode):
    way = f"{way}, {mode}"
    async with Client(server, mode=mode) as client:
        tools = (await client.list_tools()).tools
        check(f"{way}: lists tools", [t.name for t in tools][:2] == ["query_users", "create_user"], tools)

        email = re.sub("[^a-z0-9]+", "-", way) + "@example.com"
        made = await client.call_tool("create_user", {"email": email, "name": "Ada", "role": "admin"})
        check(f"{way}: creates a user", "Successfully created user" in made.content[0].text, made)
        user = made.structured_content["user"]
        check(f"{way}: the result is structured", user["email"] == email and user["active"] is True, user)

        again = await client.call_tool("create_user", {"email": email, "name": "Ada"})
        check(f"{way}: refuses the same user", again.is_error and "already exists" in again.content[0].text, again)
        missing = await client.call_tool("create_user", {"name": "Ada"})
        check(f"{way}: names a missing field", missing.is_error and "email" in missing.content[0].text, missing)

        found = await client.call_tool("query_users", {"filters": {"role": "admin", "what": 1}, "limit": 1000})
        check(f"{way}: clamps the limit", found.structured_content["pagination"]["limit"] == 100, found)

        try:
            await client.call_tool("no_such_tool", {})
            check(f"{way}: refuses an unknown tool", False, "it was called")
        except MCPError as error:
            check(f"{way}: refuses an unknown tool", "no_such_tool" in str(error), error)

        page = await client.call_tool("list_users", {"page_size": 1, "sort": "-name"})
        rows = page.structured_content["users"]
        check(f"{way}: gets a page", len(rows) == 1, page)

        read = await client.read_resource(f"users://{user['id']}")
        check(f"{way}: reads a resource", email in read.contents[0].text, read)
        prompt = await client.get_prompt("review_role", {"role": "admin"})
        check(f"{way}: gets a prompt", email in prompt.messages[0].content.text, prompt)


async def confirms(way, server, mode):
    """The role moves when the person accepts, and only then."""
    way = f"{way}, {mode}"
    asked = []

    def person(action):
        async def answer(context, params):
            asked.append(params.message)
            return ElicitResult(action=action)

        return answer

    async def role(client, user):
        found = await client.call_tool("get_user", {"id": user})
        return found.structured_content["user"]["role"]

    async with Client(server, mode=mode, elicitation_callback=person("accept")) as client:
        ids = []
        for name, given in (("giver", "admin"), ("taker", "user")):
            email = re.sub("[^a-z0-9]+", "-", f"{name} {way}") + "@example.com"
            made = await client.call_tool("create_user", {"email": email, "name": "Ada", "role": given})
            ids.append(made.structured_content["user"]["id"])
    move = {"from_id": ids[0], "to_id": ids[1]}

    for action in ("decline", "cancel"):
        async with Client(server, mode=mode, elicitation_callback=person(action)) as client:
            refused = await client.call_tool("transfer_role", move)
            kind = (refused.structured_content or {}).get("type")
            left = await role(client, ids[0])
            check(f"{way}: {action} runs nothing", kind == "CONFIRMATION_DECLINED" and left == "admin", refused)

    async with Client(server, mode=mode) as client:
        try:
            refused = await client.call_tool("transfer_role", move)
            kind = (refused.structured_content or {}).get("type")
        except MCPError as error:
            refused, kind = error, error.code
        left = await role(client, ids[0])
        known = kind in ("CONFIRMATION_UNAVAILABLE", -32021)
        check(f"{way}: a client that cannot ask hears so", known and left == "admin", refused)

    async with Client(server, mode=mode, elicitation_callback=person("accept")) as client:
        moved = await client.call_tool("transfer_role", move)
        roles = [await role(client, user) for user in ids]
        check(f"{way}: accept moves the role", not moved.is_error and roles == ["user", "admin"], moved)
    question = f"Move the admin role from user {ids[0]} to user {ids[1]}?"
    check(f"{way}: the person reads the question", asked == [question] * 3, asked)


async def stopped_while_a_call_runs(http, address, database):
    """A call that waits for another writer is answered, although the server is told to stop."""
    writer = sqlite3.connect(database, isolation_level=None)
    writer.execute("BEGIN EXCLUSIVE")
    # Not the SDK: its client says goodbye to a server that is gone by then.
    call = {"name": "create_user", "arguments": {"email": "late@example.com", "name": "Late"}}
    request = urllib.request.Request(
        address,
        json.dumps({"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": call}).encode(),
        {"Content-Type": "application/json", "Accept": "application/json, text/event-stream"},
    )
    answer = asyncio.create_task(asyncio.to_thread(lambda: urllib.request.urlopen(request, timeout=30).read()))
    await asyncio.sleep(0.5)
    http.send_signal(signal.SIGTERM)
    await asyncio.sleep(0.5)
    writer.execute("COMMIT")
    made = (await answer).decode()
    check("http: answers a call that is under way when it is told to stop", "Successfully" in made, made)
    check("http: ends with SIGTERM", http.wait(40) == 0, http.returncode)


@contextlib.contextmanager
def listening(binary, environment):
    """A server over HTTP, and the address that it says it serves at."""
    http = subprocess.Popen(
        [binary, "serve", "--transport", "http", "--bind", "127.0.0.1:0"],
        env=environment, stderr=subprocess.PIPE, text=True,
    )
    try:
        address = None
        while address is None:
            line = http.stderr.readline()
            assert line, "the server ended"
            found = re.search(r"http://\S+/mcp", line)
            address = found and found.group(0)
        yield http, address
    finally:
        http.kill()
        http.stderr.close()


async def main(binary):
    with tempfile.TemporaryDirectory() as folder:
        environment = {**os.environ, "DATABASE_URL": f"sqlite:{folder}/users.db", "RUST_LOG": "info"}
        for mode in ("legacy", "auto"):
            stdio = StdioServerParameters(command=binary, args=["serve"], env=environment)
            await session("stdio", stdio, mode)
            await confirms("stdio", stdio, mode)

        # A server each: a client has twenty requests at once, and a hundred a minute.
        for mode in ("legacy", "auto"):
            for part in (session, confirms):
                with listening(binary, environment) as (_, address):
                    await part("http", address, mode)
        with listening(binary, environment) as (http, address):
            await stopped_while_a_call_runs(http, address, f"{folder}/users.db")

    print(f"python: {passed} passed, {failed} failed")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(sys.argv[1])))
