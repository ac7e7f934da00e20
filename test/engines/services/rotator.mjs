/** One server of an app whose users connect ARES: it connects them, and hands out their tokens. */
import { aresConnect } from "ares-react/connect";
import { listen, readSetup } from "./listen.mjs";
import { forgetClaims, openTokens } from "./openTokens.mjs";
import { renewAlone } from "./renewAlone.mjs";

const SLOW_WRITE_MS = 1_000;

const { oidc, client, secret, engine, way } = readSetup();
const store = await openTokens(engine);
const tokens = tellSlowWrites(store.tokens);

/** The provider can't know which answers came too late, so it is told. @param {string} address @param {RequestInit} init */
async function fetchAsThisServer(address, init) {
  const headers = new Headers(init.headers);
  headers.set("x-server", String(process.pid));
  try {
    return await fetch(address, { ...init, headers });
  } catch (error) {
    const token = new URLSearchParams(String(init.body)).get("refresh_token");
    if (token !== null)
      await fetch(`${oidc}/__unheard?token=${token}`, { headers }).catch(() => {});
    throw error;
  }
}

/**
 * The trial is told of each write that failed or took long: a reply that could not be stored is lost.
 *
 * @param {import("ares-react/connect").TokenStore} store
 * @returns {import("ares-react/connect").TokenStore}
 */
function tellSlowWrites(store) {
  return {
    ...store,
    async write(id, row, was) {
      const from = Date.now();
      let failed = true;
      try {
        const written = await store.write(id, row, was);
        failed = false;
        return written;
      } finally {
        const to = Date.now();
        if (failed || to - from > SLOW_WRITE_MS)
          void fetch(`${oidc}/__slowWrite?server=${process.pid}&from=${from}&to=${to}`).catch(
            () => {},
          );
      }
    },
  };
}

function shared() {
  const connection = aresConnect({
    clientId: client.id,
    clientSecret: client.secret,
    redirectUri: client.redirectUri,
    secret,
    tokens: way === "claims are forgotten" ? forgetClaims(tokens) : tokens,
    session: (request) => request.headers.get("x-user"),
    ares: { authorizeUrl: `${oidc}/oauth`, baseUrl: oidc, fetch: fetchAsThisServer },
    onError: () => {},
  });
  return {
    connect: connection.handler,
    tokenOf: async (/** @type {string} */ user) => connection.auth.forUser(user).getAccessToken(),
  };
}

const { connect, tokenOf } =
  way === "each by itself"
    ? renewAlone({ oidc, client, tokens, fetch: fetchAsThisServer })
    : shared();

listen(async (request) => {
  const { pathname, search, searchParams } = new URL(request.url);
  if (pathname !== "/token")
    return connect(new Request(new URL(pathname + search, client.redirectUri), request));
  try {
    return Response.json({ token: await tokenOf(searchParams.get("user") ?? "") });
  } catch (error) {
    return Response.json({ code: error.code ?? String(error) });
  }
});
