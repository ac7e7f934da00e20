import { PAGE_MS } from "./processes.mjs";

/**
 * @typedef {object} Parts
 * @property {(title: string, ok: boolean, seen?: unknown) => void} check
 * @property {string} origin
 * @property {import("../../src/testing").AresSimulator} ares
 * @property {import("../../test/clerk/fake/clerkFake").ClerkFake} clerk
 * @property {{ rows(sql: string): Promise<unknown[]> }} postgres
 */

/** @typedef {Parts & ReturnType<typeof callers>} Visit */

/** The routes of the quick start, as a client without React calls them. ARES's book is the judge. @param {Parts} parts */
export async function driveByHttp(parts) {
  const visit = { ...parts, ...callers(parts) };
  await refusesStrangers(visit);
  await chargesOnce(visit);
  await servesPaidWork(visit);
  await rendersPaidPages(visit);
  await keepsTheBook(visit);
}

/** @param {Visit} visit */
async function refusesStrangers({ check, ask, ares }) {
  const nobody = await ask("GET", "/api/ares");
  check(
    "whoever is signed out is told so",
    nobody.status === 401 && nobody.body.code === "not_signed_in",
    nobody,
  );

  const unconnected = await ask("GET", "/api/ares", { user: "user_new" });
  check(
    "whoever has no ARES is told so",
    unconnected.status === 401 && unconnected.body.code === "not_connected",
    unconnected,
  );

  const before = await ask("GET", "/api/ares", { user: "user_ann" });
  check(
    "a session of Clerk reads the balance at ARES: 698",
    before.status === 200 && before.body.user?.credits === 698,
    before,
  );
  check(
    "the prices are the server's",
    before.body.prices?.report === 3 && before.body.prices?.["export-pdf"] === 1,
    before,
  );

  const stranger = await ask("POST", "/api/ares", {
    user: "user_ann",
    key: newKey(),
    from: "https://evil.example",
  });
  check(
    "another site's POST is refused",
    stranger.status === 403 && stranger.body.code === "origin_rejected",
    stranger,
  );
  const borrowed = await ask("POST", "/api/ares", {
    user: "user_ann",
    key: newKey(),
    azp: "https://evil.example",
  });
  check(
    "a session made for another page is nobody's",
    borrowed.status === 401 && borrowed.body.code === "not_signed_in",
    borrowed,
  );
  check("neither was charged", ares.charges.length === 0, ares.charges);
}

/** @param {Visit} visit */
async function chargesOnce({ check, ask, ares, deductions }) {
  let key = newKey();
  let first = await ask("POST", "/api/ares", { user: "user_ann", key });
  // A new ledger refuses a key of its first moments: the key may be older than the ledger, or its clock may be slow.
  // The client then mints a new key.
  for (
    const limit = Date.now() + PAGE_MS;
    first.body.code === "ledger_reset" && Date.now() < limit;
  ) {
    await new Promise((resolve) => setTimeout(resolve, 500));
    key = newKey();
    first = await ask("POST", "/api/ares", { user: "user_ann", key });
  }
  const second = await ask("POST", "/api/ares", { user: "user_ann", key });
  check(
    "a POST with an Idempotency-Key charges",
    first.status === 200 && first.body.status === "charged",
    first,
  );
  check(
    "the same key again is the same charge",
    second.replayed === "true" && second.body.charge?.id === first.body.charge?.id,
    second,
  );
  check(
    "two POSTs with one key are one deduction in ARES's book",
    deductions("ann").join() === "1",
    ares.charges,
  );

  const crowdKey = newKey();
  const crowd = await Promise.all(
    Array.from({ length: 12 }, () => ask("POST", "/api/ares", { user: "user_ann", key: crowdKey })),
  );
  check(
    "twelve at once with one key are one deduction",
    deductions("ann").join() === "1,1" &&
      crowd.every(({ status }) => status === 200 || status === 409),
    crowd.map(({ status, body }) => [status, body.code]),
  );
}

/** @param {Visit} visit */
async function servesPaidWork({ check, ask, ares, deductions }) {
  const exportKey = newKey();
  const unpaid = await ask("POST", "/api/export", { user: "user_ann" });
  check(
    "withCharge refuses a call without a key",
    unpaid.status === 400 && deductions("ann").length === 2,
    unpaid,
  );
  const work = await ask("POST", "/api/export", { user: "user_ann", key: exportKey });
  check(
    "withCharge charges and does the work",
    work.status === 200 && work.body.pdf !== undefined,
    work,
  );
  const again = await ask("POST", "/api/export", { user: "user_ann", key: exportKey });
  check(
    "and serves the same call again",
    again.status === 200 && again.body.paidWith === work.body.paidWith,
    again,
  );
  check("for one deduction", deductions("ann").join() === "1,1,1", ares.charges);

  const locked = await ask("GET", "/api/reports/report-7", { user: "user_ann" });
  check(
    "requirePaid is locked before",
    locked.status === 402 && locked.body.code === "payment_required",
    locked,
  );
  const paid = await ask("POST", "/api/ares", {
    user: "user_ann",
    key: newKey(),
    usage: "report",
    resource: "report-7",
  });
  const open = await ask("GET", "/api/reports/report-7", { user: "user_ann" });
  check(
    "and open after a charge of another route",
    paid.status === 200 && open.status === 200 && open.body.report === "report-7",
    open,
  );
  const others = await ask("GET", "/api/reports/report-7", { user: "user_bob" });
  check("but not for somebody else", others.status === 402, others);
}

/** @param {Visit} visit */
async function rendersPaidPages({ check, page }) {
  const unpaid = await page("/reports/report-9", "user_ann");
  check(
    "a paid server component is not in the page before",
    unpaid.status === 200 && !unpaid.text.includes("The text of"),
    unpaid,
  );
  const paid = await page("/reports/report-7", "user_ann");
  check("and is in the page after", paid.text.includes("The text of"), paid);
  check("whose first HTML holds the balance", paid.text.includes("692 credits"), paid);
  const flight = await page("/reports/report-9", "user_ann", { RSC: "1" });
  check(
    "nor is it in the flight data before",
    flight.type === "text/x-component" && !flight.text.includes("The text of"),
    flight,
  );
}

/** @param {Visit} visit */
async function keepsTheBook({ check, ask, ares, postgres }) {
  const after = await ask("GET", "/api/ares", { user: "user_ann" });
  check(
    "the balance is what is left: 692",
    after.body.user?.credits === 692 && ares.balanceOf("ann") === 692,
    after,
  );
  check(
    "ARES knows this app by its client id",
    ares.charges.every(({ clientId }) => clientId === "next-smoke-client"),
    ares.charges,
  );
  const rows = await postgres.rows("select status from ares_charges where status = 'charged'");
  check("every deduction has its row in PostgreSQL", rows.length === 4, rows);
}

/** How the routes are called, and what ARES's book says. @param {Parts} parts */
function callers({ origin, ares, clerk }) {
  /** @param {string} user */
  function deductions(user) {
    return ares.charges.filter(({ userId }) => userId === user).map(({ credits }) => credits);
  }

  /** A page as Next renders it. @param {string} route @param {string} user @param {Record<string, string>} [more] */
  async function page(route, user, more = {}) {
    const headers = {
      Accept: "text/html",
      Authorization: `Bearer ${await clerk.sessionToken(user, { azp: origin })}`,
      ...more,
    };
    const response = await fetch(origin + route, { headers, signal: AbortSignal.timeout(PAGE_MS) });
    return {
      status: response.status,
      type: response.headers.get("Content-Type"),
      text: await response.text(),
    };
  }

  /**
   * @param {"GET" | "POST"} method
   * @param {string} route
   * @param {{ user?: string, key?: string, from?: string, azp?: string, usage?: string, resource?: string }} [options]
   */
  async function ask(
    method,
    route,
    { user, key, from = origin, azp = origin, usage = "export-pdf", resource } = {},
  ) {
    const headers = new Headers({ Accept: "application/json" });
    if (user !== undefined)
      headers.set("Authorization", `Bearer ${await clerk.sessionToken(user, { azp })}`);
    if (key !== undefined) headers.set("Idempotency-Key", key);
    if (method === "POST") headers.set("Origin", from);
    if (method === "POST") headers.set("Content-Type", "application/json");
    const body = method === "POST" ? JSON.stringify({ usage, resource }) : null;
    const response = await fetch(origin + route, {
      method,
      headers,
      body,
      redirect: "manual",
      signal: AbortSignal.timeout(PAGE_MS),
    });
    const text = await response.text();
    return {
      status: response.status,
      replayed: response.headers.get("Idempotency-Replayed"),
      body: parse(text),
    };
  }

  return { deductions, page, ask };
}

function newKey() {
  return `${Date.now()}-${crypto.randomUUID()}`;
}

/** @param {string} text */
function parse(text) {
  try {
    return JSON.parse(text);
  } catch {
    return { text: text.slice(0, 400) };
  }
}
