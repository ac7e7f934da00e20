/**
 * `oidc-provider` in the place of ARES's OAuth: it rotates refresh tokens, and ends a link whose old one comes back. It keeps a
 * book of every refresh, and loses a share of its answers: the work is done, and nobody hears of it.
 */
import { createServer } from "node:http";
import Provider from "oidc-provider";
import { endWithParent, readSetup } from "./listen.mjs";

const { client, tokenSeconds, latencyMs } = readSetup();
const day = 86_400;
let lostShare = 0;

/** @type {import("../rotationJudge").Refresh[]} */
const refreshes = [];
/** Who an access token belongs to. @type {Record<string, string>} */
const owners = {};
/** The number of each refresh token whose answer its server did not hear, with the server. @type {Set<string>} */
const unheard = new Set();
/** Writes of servers that failed or took long. @type {import("../rotationJudge").SlowWrite[]} */
const slowWrites = [];
/** What the provider stores. @type {Map<string, any>} */
const kept = new Map();
/** Each refresh token has a number in the book. @type {Map<string, { number: number, user: string, link: string }>} */
const issued = new Map();

endWithParent();
const server = createServer((request, response) => {
  answer(request, response).catch((error) => {
    console.error(error);
    response.writeHead(500).end();
  });
});
// No connection ends by itself just when a request leaves: only the replies that the trial loses are lost.
server.keepAliveTimeout = 3_600_000;
await new Promise((resolve) => server.listen(0, "127.0.0.1", () => resolve(undefined)));
const { port } = /** @type {import("node:net").AddressInfo} */ (server.address());
const provider = createProvider(`http://127.0.0.1:${port}`);
const callback = provider.callback();
process.send?.({ port });

/** @param {string} issuer */
function createProvider(issuer) {
  const created = new Provider(issuer, {
    adapter,
    clients: [
      {
        client_id: client.id,
        client_secret: client.secret,
        redirect_uris: [client.redirectUri],
        grant_types: ["authorization_code", "refresh_token"],
        response_types: ["code"],
        token_endpoint_auth_method: "client_secret_post",
      },
    ],
    scopes: ["read", "write"],
    routes: { authorization: "/oauth", token: "/oauth/token" },
    pkce: { required: () => true, methods: ["S256"] },
    issueRefreshToken: async () => true,
    rotateRefreshToken: true,
    ttl: {
      AccessToken: tokenSeconds,
      RefreshToken: day,
      Grant: day,
      Session: day,
      Interaction: 600,
    },
    cookies: { keys: [client.secret] },
    features: { devInteractions: { enabled: false } },
    interactions: { url: (_, { uid }) => `/interaction/${uid}` },
    findAccount: async (_, accountId) => ({ accountId, claims: async () => ({ sub: accountId }) }),
  });
  created.use(async (context, next) => {
    if (context.path !== "/oauth/token") return next();
    const at = Date.now();
    await next();
    await pause(latencyMs);
    book(context, at);
  });
  return created;
}

/** Keeps everything: the provider's own store forgets what is old once it holds a thousand. @param {string} model */
function adapter(model) {
  const nameOf = (/** @type {string} */ id) => `${model}:${id}`;
  return {
    upsert: async (id, payload) => void kept.set(nameOf(id), payload),
    find: async (id) => kept.get(nameOf(id)),
    findByUid: async (uid) => [...kept.values()].find((each) => each.uid === uid),
    async consume(id) {
      kept.get(nameOf(id)).consumed = Math.floor(Date.now() / 1000);
    },
    destroy: async (id) => void kept.delete(nameOf(id)),
    async revokeByGrantId(grantId) {
      for (const [name, each] of kept) if (each.grantId === grantId) kept.delete(name);
    },
  };
}

/** Writes an answer of the token endpoint down, and loses some. */
function book(context, at) {
  const { oidc, body, request, req } = context;
  const sent = issued.get(oidc.params.refresh_token);
  const ok = context.status === 200;
  const lost = sent !== undefined && Math.random() < lostShare;
  if (ok) {
    const user = oidc.entities.Account.accountId;
    const link = oidc.entities.Grant?.jti ?? sent?.link;
    owners[body.access_token] = user;
    issued.set(body.refresh_token, { number: issued.size, user, link });
  }
  if (sent) {
    const { number, user, link } = sent;
    const server = Number(request.get("x-server"));
    const answeredAt = Date.now();
    refreshes.push({ user, link, token: number, server, at, answeredAt, ok, lost, late: false });
  }
  if (!lost) return;
  context.respond = false;
  req.socket.destroy();
}

/** @param {import("node:http").IncomingMessage} request @param {import("node:http").ServerResponse} response */
async function answer(request, response) {
  const { pathname, searchParams } = new URL(request.url ?? "", "http://oidc.test");
  const json = (/** @type {unknown} */ value, status = 200) =>
    response.writeHead(status, { "Content-Type": "application/json" }).end(JSON.stringify(value));

  if (pathname.startsWith("/interaction/")) return signIn(request, response);
  switch (pathname) {
    case "/v1/user": {
      const text = request.headers.authorization?.replace("Bearer ", "") ?? "";
      const token = await provider.AccessToken.find(text);
      if (!token) return json({ error: "Invalid token" }, 401);
      const user = { id: token.accountId, email: `${token.accountId}@app.example`, credits: 10 };
      return json({ message: "Success", user });
    }
    case "/__lose":
      lostShare = Number(searchParams.get("share"));
      return json({});
    case "/__count":
      return json(refreshes.filter(({ ok }) => ok).length);
    case "/__unheard":
      unheard.add(
        `${issued.get(searchParams.get("token") ?? "")?.number}/${request.headers["x-server"]}`,
      );
      return json({});
    case "/__slowWrite": {
      const [server, from, to] = ["server", "from", "to"].map((name) =>
        Number(searchParams.get(name)),
      );
      slowWrites.push({ server, from, to });
      return json({});
    }
    case "/__book":
      return json({ refreshes: refreshes.map(withLate), slowWrites, owners });
    default:
      return callback(request, response);
  }
}

/** @param {import("../rotationJudge").Refresh} refresh */
function withLate(refresh) {
  const { token, server, lost } = refresh;
  return { ...refresh, late: !lost && unheard.has(`${token}/${server}`) };
}

/** The user whom `login_hint` names signs in, and allows. */
async function signIn(request, response) {
  const { params } = await provider.interactionDetails(request, response);
  const accountId = params.login_hint;
  const grant = new provider.Grant({ accountId, clientId: client.id });
  grant.addOIDCScope(params.scope);
  const consent = { grantId: await grant.save() };
  await provider.interactionFinished(request, response, { login: { accountId }, consent });
}

/** @param {number} ms */
function pause(ms) {
  return new Promise((resolve) => setTimeout(resolve, ms));
}
