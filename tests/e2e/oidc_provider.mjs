// Two issuers that are certified OpenID providers (npm oidc-provider), and what a test wants of them:
// tokens that are good, and tokens that are not.
//
//     node tests/e2e/oidc_provider.mjs FOLDER
//
// FOLDER holds node_modules with oidc-provider 9, and two certificates for localhost with their keys,
// known.pem and unknown.pem, of which the first is in NODE_EXTRA_CA_CERTS. Everything listens on ports
// that are free; the first line on standard output is the URL of an issuer, the second one where it
// is told what to do, without TLS:
//
//     /token/KIND     a token of this kind, see `tokens`
//     /rotate         the issuer has other keys from now on
//     /revoke/TOKEN   revokes an opaque token
//     /unknown        the URL of an issuer whose certificate nobody vouches for

import { createHmac, createPublicKey, generateKeyPairSync, randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { createServer } from "node:http";
import { createServer as createSecureServer } from "node:https";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { pathToFileURL } from "node:url";

const folder = resolve(process.argv[2]);
// What is imported is found in FOLDER, not beside this file.
const require = createRequire(join(folder, "package.json"));
const { Provider } = await import(pathToFileURL(require.resolve("oidc-provider")));

const AUDIENCE = "https://mcp.example/mcp";
const OTHER = "https://other.example/mcp";
const CLIENT = { client_id: "mcp-client", client_secret: "not a secret" };
// Whom the server is: its secret has what must be encoded.
const SERVER = { client_id: "mcp-server", client_secret: "s:e%c/r+e t" };

// What a client may ask a token for (RFC 8707). Several of them are the server, in its roles of a test.
const RESOURCES = {
  [AUDIENCE]: { audience: AUDIENCE, alg: "RS256" },
  [OTHER]: { audience: OTHER, alg: "RS256" },
  "https://mcp.example/ps256": { audience: AUDIENCE, alg: "PS256" },
  "https://mcp.example/es256": { audience: AUDIENCE, alg: "ES256" },
  "https://mcp.example/eddsa": { audience: AUDIENCE, alg: "EdDSA" },
  "https://mcp.example/short": { audience: AUDIENCE, alg: "RS256", seconds: 1 },
  "https://mcp.example/opaque": { audience: AUDIENCE },
  "https://other.example/opaque": { audience: OTHER },
  "https://mcp.example/opaque-short": { audience: AUDIENCE, seconds: 1 },
};

function keys() {
  const pairs = [
    ["RS256", "rsa", { modulusLength: 2048 }],
    ["PS256", "rsa", { modulusLength: 2048 }],
    ["ES256", "ec", { namedCurve: "P-256" }],
    ["EdDSA", "ed25519", {}],
  ];
  return pairs.map(([alg, type, options]) => ({
    ...generateKeyPairSync(type, options).privateKey.export({ format: "jwk" }),
    alg,
    use: "sig",
    kid: randomUUID(),
  }));
}

function provider(issuer, jwks) {
  const made = new Provider(issuer, {
    clients: [CLIENT, SERVER].map((client) => ({
      ...client,
      grant_types: ["client_credentials"],
      redirect_uris: [],
      response_types: [],
    })),
    jwks: { keys: jwks },
    enabledJWA: { clientAuthSigningAlgValues: ["RS256"] },
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      introspection: { enabled: true },
      revocation: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo(_, resource) {
          const { audience, alg, seconds } = RESOURCES[resource];
          return {
            scope: "users:read users:write",
            audience,
            accessTokenTTL: seconds ?? 600,
            accessTokenFormat: alg ? "jwt" : "opaque",
            ...(alg && { jwt: { sign: { alg } } }),
          };
        },
      },
    },
  });
  made.on("server_error", (_, error) => console.error(error));
  return made.callback();
}

// The port that a server listens on.
async function listen(server) {
  server.listen(0);
  await once(server, "listening");
  return server.address().port;
}

// An issuer that can be given other keys.
async function issuer(jwks, certificate) {
  const pem = readFileSync(join(folder, certificate));
  const server = createSecureServer({ cert: pem, key: pem });
  const site = { url: `https://localhost:${await listen(server)}` };
  site.rotate = (jwks) => {
    site.jwks = jwks;
    site.answer = provider(site.url, jwks);
  };
  site.rotate(jwks);
  server.on("request", (request, response) => site.answer(request, response));
  return site;
}

async function post(url, form) {
  const basic = Object.values(CLIENT).map(encodeURIComponent).join(":");
  const response = await fetch(url, {
    method: "POST",
    headers: { authorization: `Basic ${Buffer.from(basic).toString("base64")}` },
    body: new URLSearchParams(form),
  });
  const text = await response.text();
  if (!response.ok) throw new Error(`${url}: ${response.status} ${text}`);
  return text;
}

async function token(site, resource) {
  const form = { grant_type: "client_credentials", resource, scope: "users:read" };
  return JSON.parse(await post(`${site.url}/token`, form)).access_token;
}

const later = (milliseconds) => new Promise((done) => setTimeout(done, milliseconds));
const encode = (json) => Buffer.from(JSON.stringify(json)).toString("base64url");
const header = (jwt) => JSON.parse(Buffer.from(jwt.split(".")[0], "base64url"));

const first = await issuer(keys(), "known.pem");
// Another issuer with the same keys: only its name tells that its tokens are not meant.
const second = await issuer(first.jwks, "known.pem");
const unknown = await issuer(first.jwks, "unknown.pem");

const tokens = {
  good: () => token(first, AUDIENCE),
  ps256: () => token(first, "https://mcp.example/ps256"),
  es256: () => token(first, "https://mcp.example/es256"),
  eddsa: () => token(first, "https://mcp.example/eddsa"),
  "wrong-audience": () => token(first, OTHER),
  "wrong-issuer": () => token(second, AUDIENCE),
  async expired() {
    const short = await token(first, "https://mcp.example/short");
    await later(2100);
    return short;
  },
  async none() {
    const good = await token(first, AUDIENCE);
    return `${encode({ ...header(good), alg: "none" })}.${good.split(".")[1]}.`;
  },
  // HS256 with the public key of the issuer as the secret.
  async confused() {
    const good = await token(first, AUDIENCE);
    const key = first.jwks.find(({ kid }) => kid === header(good).kid);
    const secret = createPublicKey({ key, format: "jwk" }).export({ type: "spki", format: "pem" });
    const text = `${encode({ ...header(good), alg: "HS256" })}.${good.split(".")[1]}`;
    return `${text}.${createHmac("sha256", secret).update(text).digest("base64url")}`;
  },
  async tampered() {
    const [head, body, signature] = (await token(first, AUDIENCE)).split(".");
    const claims = { ...JSON.parse(Buffer.from(body, "base64url")), scope: "users:write" };
    return `${head}.${encode(claims)}.${signature}`;
  },
  opaque: () => token(first, "https://mcp.example/opaque"),
  "opaque-wrong-audience": () => token(first, "https://other.example/opaque"),
  async "opaque-expired"() {
    const short = await token(first, "https://mcp.example/opaque-short");
    await later(2100);
    return short;
  },
};

const told = createServer(async (request, response) => {
  const [, what, which] = request.url.split("/");
  try {
    if (what === "token") return response.end(await tokens[which]());
    if (what === "rotate") return response.end(String(first.rotate(keys())));
    if (what === "revoke") return response.end(await post(`${first.url}/token/revocation`, { token: which }));
    if (what === "unknown") return response.end(unknown.url);
    response.writeHead(404).end();
  } catch (error) {
    console.error(error);
    response.writeHead(500).end();
  }
});
console.log(first.url);
console.log(`http://localhost:${await listen(told)}`);
