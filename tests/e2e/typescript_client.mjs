// Drives the users server with both official TypeScript SDKs, over stdio and over HTTP: the package of
// the older revisions, and the one that negotiates the newest.
//
//     node tests/e2e/typescript_client.mjs SERVER FOLDER
//
// SERVER is the built binary; FOLDER holds node_modules with @modelcontextprotocol/sdk 1.32 and
// @modelcontextprotocol/client 2.4.

import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { createInterface } from "node:readline";
import { pathToFileURL } from "node:url";

const [server, folder] = process.argv.slice(2).map((path) => resolve(path));
// What is imported is found in FOLDER, not beside this file.
const require = createRequire(join(folder, "package.json"));
const load = (name) => import(pathToFileURL(require.resolve(name)));

let passed = 0;
let failed = 0;

function check(name, holds, found) {
  if (holds) {
    passed += 1;
    console.log(`ok      ${name}`);
  } else {
    failed += 1;
    console.log(`FAILED  ${name}: ${JSON.stringify(found)}`);
  }
}

const packages = {
  sdk: async () => {
    const { Client } = await load("@modelcontextprotocol/sdk/client/index.js");
    const { StdioClientTransport } = await load("@modelcontextprotocol/sdk/client/stdio.js");
    const { StreamableHTTPClientTransport } = await load("@modelcontextprotocol/sdk/client/streamableHttp.js");
    const { ElicitRequestSchema } = await load("@modelcontextprotocol/sdk/types.js");
    return { Client, StdioClientTransport, StreamableHTTPClientTransport, options: {}, question: ElicitRequestSchema };
  },
  client: async () => {
    const { Client, StreamableHTTPClientTransport } = await load("@modelcontextprotocol/client");
    const { StdioClientTransport } = await load("@modelcontextprotocol/client/stdio");
    const options = { versionNegotiation: { mode: "auto" } };
    return { Client, StdioClientTransport, StreamableHTTPClientTransport, options, question: "elicitation/create" };
  },
};

async function session(way, client) {
  const tools = (await client.listTools()).tools.map((tool) => tool.name);
  check(`${way}: lists tools`, tools[0] === "query_users" && tools.includes("transfer_role"), tools);

  const email = `${way.replaceAll(/[^a-z0-9]+/g, "-")}@example.com`;
  const create = (input) => client.callTool({ name: "create_user", arguments: input });
  const made = await create({ email, name: "Ada", role: "admin" });
  check(`${way}: creates a user`, made.content[0].text.includes("Successfully created user"), made);
  const user = made.structuredContent.user;
  check(`${way}: the result is structured`, user.email === email && user.active === true, user);

  const again = await create({ email, name: "Ada" });
  check(`${way}: refuses the same user`, again.isError && again.content[0].text.includes("already exists"), again);
  const missing = await create({ name: "Ada" });
  check(`${way}: names a missing field`, missing.isError && missing.content[0].text.includes("email"), missing);

  const unknown = await client.callTool({ name: "no_such_tool", arguments: {} }).catch((error) => error);
  check(`${way}: refuses an unknown tool`, String(unknown).includes("no_such_tool"), unknown);

  const found = await client.callTool({ name: "query_users", arguments: { filters: { role: "admin" }, limit: "5" } });
  check(`${way}: takes a number in a string`, found.structuredContent.pagination.limit === 5, found);

  const templates = (await client.listResourceTemplates()).resourceTemplates;
  check(`${way}: lists resource templates`, templates.some((t) => t.uriTemplate === "users://{id}"), templates);
  const read = await client.readResource({ uri: `users://${user.id}` });
  check(`${way}: reads a resource`, read.contents[0].text.includes(email), read);
  const gone = await client.readResource({ uri: "users://987654" }).catch((error) => error);
  check(`${way}: a resource that is not there is an error`, gone instanceof Error, gone);

  const ids = await client.complete({
    ref: { type: "ref/resource", uri: "users://{id}" },
    argument: { name: "id", value: String(user.id) },
  });
  check(`${way}: completes by SQL`, ids.completion.values.includes(String(user.id)), ids);
  const roles = await client.complete({
    ref: { type: "ref/prompt", name: "review_role" },
    argument: { name: "role", value: "mod" },
  });
  check(`${way}: completes an enum`, roles.completion.values.join() === "moderator", roles);

  const prompt = await client.getPrompt({ name: "review_role", arguments: { role: "admin" } });
  check(`${way}: gets a prompt`, prompt.messages[0].content.text.includes(email), prompt);
}

/** The role moves when the person accepts, and only then. */
async function confirms(way, connected) {
  const asked = [];
  const person = async (action, ask) => {
    const client = await connected(action, (message) => asked.push(message));
    try {
      return await ask(client);
    } finally {
      await client.close();
    }
  };
  const call = (client, name, input) => client.callTool({ name, arguments: input });
  const role = async (client, id) => (await call(client, "get_user", { id })).structuredContent.user.role;
  const address = (name) => `${name}-${way.replaceAll(/[^a-z0-9]+/g, "-")}@example.com`;
  const [from, to] = await person("accept", async (client) => {
    const made = [];
    for (const [name, given] of [["giver", "admin"], ["taker", "user"]]) {
      const user = await call(client, "create_user", { email: address(name), name: "Ada", role: given });
      made.push(user.structuredContent.user.id);
    }
    return made;
  });
  const move = { from_id: from, to_id: to };

  for (const action of ["decline", "cancel"]) {
    const [refused, left] = await person(action, async (client) => [
      await call(client, "transfer_role", move),
      await role(client, from),
    ]);
    const kind = refused.structuredContent?.type;
    check(`${way}: ${action} runs nothing`, kind === "CONFIRMATION_DECLINED" && left === "admin", refused);
  }

  const [refused, left] = await person(undefined, async (client) => [
    await call(client, "transfer_role", move).catch((error) => error),
    await role(client, from),
  ]);
  const known = [refused.structuredContent?.type, refused.code].some((kind) =>
    ["CONFIRMATION_UNAVAILABLE", -32021].includes(kind),
  );
  check(`${way}: a client that cannot ask hears so`, known && left === "admin", [refused, String(refused)]);

  const [moved, roles] = await person("accept", async (client) => [
    await call(client, "transfer_role", move),
    [await role(client, from), await role(client, to)],
  ]);
  check(`${way}: accept moves the role`, !moved.isError && roles.join() === "user,admin", moved);
  const question = `Move the admin role from user ${from} to user ${to}?`;
  check(`${way}: the person reads the question`, asked.join("|") === Array(3).fill(question).join("|"), asked);
}

/** The server over HTTP, and the address that it says it serves at. */
async function listening(environment) {
  const child = spawn(server, ["serve", "--transport", "http", "--bind", "127.0.0.1:0"], {
    env: environment,
    stdio: ["ignore", "ignore", "pipe"],
  });
  for await (const line of createInterface({ input: child.stderr })) {
    const address = line.match(/http:\/\/\S+\/mcp/);
    if (address) return { child, address: address[0] };
  }
  throw new Error("the server ended");
}

const scratch = mkdtempSync(join(tmpdir(), "mcpgen-"));
const environment = { ...process.env, DATABASE_URL: `sqlite:${scratch}/users.db`, RUST_LOG: "info" };
let http;
/** A server each: a client has twenty requests at once, and a hundred a minute. */
async function anew() {
  http?.child.kill("SIGKILL");
  http = await listening(environment);
}
try {
  for (const [name, packaged] of Object.entries(packages)) {
    const { Client, StdioClientTransport, StreamableHTTPClientTransport, options, question } = await packaged();
    const transports = {
      stdio: () => new StdioClientTransport({ command: server, args: ["serve"], env: environment, stderr: "ignore" }),
      http: () => new StreamableHTTPClientTransport(new URL(http.address)),
    };
    for (const [way, transport] of Object.entries(transports)) {
      await anew();
      const client = new Client({ name: "e2e", version: "1.0.0" }, options);
      await client.connect(transport());
      await session(`${name}, ${way}`, client);
      await client.close();

      await anew();
      await confirms(`${name}, ${way}`, async (action, asked) => {
        const capabilities = action ? { elicitation: {} } : {};
        const client = new Client({ name: "e2e", version: "1.0.0" }, { ...options, capabilities });
        if (action) {
          client.setRequestHandler(question, (request) => {
            asked(request.params.message);
            return action === "accept" ? { action, content: {} } : { action };
          });
        }
        await client.connect(transport());
        return client;
      });
    }
  }
} finally {
  http?.child.kill("SIGKILL");
  rmSync(scratch, { recursive: true });
}
console.log(`typescript: ${passed} passed, ${failed} failed`);
process.exit(failed ? 1 : 0);
