/**
 * Walks once from "nobody is there" over a sign-in with ARES, a charge and a refresh to the end of the link, with web standards
 * only. Returns the results; `promises.js` has the expected ones.
 *
 * @param {(path: string, init?: RequestInit) => Promise<Response>} ask the app
 * @param {{ open(address: string): Promise<Response>, expire(): Promise<unknown>, seen(): Promise<{ charges: number, refreshes: number }> }} ares
 */
export async function walkConnect(ask, ares) {
  /** @type {Map<string, string>} */
  const cookies = new Map();

  /** As a browser does. @param {string} path @param {RequestInit} [init] */
  async function go(path, init = {}) {
    const headers = new Headers(init.headers);
    headers.set("Cookie", [...cookies].map(([name, value]) => `${name}=${value}`).join("; "));
    const response = await ask(path, { ...init, headers, redirect: "manual" });
    for (const [name, value] of cookiesIn(response)) cookies.set(name, value);
    return response;
  }

  const charge = async () =>
    told(
      await go("/api/ares", {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          "Idempotency-Key": `${Date.now()}-${crypto.randomUUID()}`,
        },
        body: JSON.stringify({ usage: "export-pdf", credits: 1 }),
      }),
    );

  const before = await charge();
  const start = await go("/api/ares/connect?return=/page");
  const consent = await ares.open(`${start.headers.get("Location")}&auto`);
  const address = new URL(consent.headers.get("Location") ?? "");
  const back = await go(`${address.pathname}${address.search}`);
  const connected = { http: back.status, location: back.headers.get("Location") };
  const again = await go(`${address.pathname}${address.search}`);

  const charged = await charge();
  await ares.expire();
  const chargedAfterARefresh = await charge();
  await ares.expire();
  const allAtOnce = await Promise.all(Array.from({ length: 4 }, () => go("/api/ares")));
  const balances = await Promise.all(allAtOnce.map(told));
  const { charges, refreshes } = await ares.seen();

  const disconnect = await go("/api/ares/connect/disconnect", { method: "POST" });
  const { disconnected } = await disconnect.json();
  return {
    before,
    connected,
    secondCallback: again.status,
    charged,
    chargedAfterARefresh,
    balances: [...new Set(balances.map(({ credits }) => credits))],
    charges,
    // Two calls of one request may each meet an ended token, and each renew it.
    isRenewed: refreshes >= 2,
    disconnected: { http: disconnect.status, disconnected },
    after: await charge(),
  };
}

/** @param {Response} response */
async function told(response) {
  const body = await response.json();
  return {
    http: response.status,
    state: body.status === "charged" ? "charged" : (body.code ?? body.message),
    credits: body.user?.credits ?? null,
  };
}

/** Older Workers have a name of their own for this. @param {Response} response @returns {[string, string][]} */
function cookiesIn({ headers }) {
  const lines = headers.getSetCookie ? headers.getSetCookie() : headers.getAll("Set-Cookie");
  return lines.map((line) => {
    const [pair] = line.split(";");
    const equals = pair.indexOf("=");
    return [pair.slice(0, equals), pair.slice(equals + 1)];
  });
}
