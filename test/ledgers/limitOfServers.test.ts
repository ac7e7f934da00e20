import { rmSync } from "node:fs";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { PGlite } from "@electric-sql/pglite";
import { serve } from "@hono/node-server";
import { createClient } from "@libsql/client";
import { afterEach, describe, expect, it } from "vitest";
import type { AresServerOptions, Ledger } from "../../src/server";
import { fromLibsql, fromPglite, sqlLedger } from "../../src/server";
import { world } from "../server/world";
import { newFolder } from "./newFolder";

const ends: (() => unknown)[] = [];
afterEach(async () => {
  for (const end of ends.splice(0).reverse()) await end();
});

/** Opens one book as each of two servers does: by a ledger of its own. */
const books: Record<string, () => Promise<[Ledger, Ledger]>> = {
  "one file of SQLite": async () => {
    const folder = newFolder("limit");
    ends.push(() => rmSync(folder, { recursive: true, force: true }));
    const open = () => {
      const client = createClient({ url: `file:${join(folder, "ledger.db")}`, timeout: 5000 });
      ends.push(() => client.close());
      return sqlLedger({ dialect: "sqlite", query: fromLibsql(client), skewMs: 0 });
    };
    const [one, other] = [open(), open()];
    await one.setup();
    return [one, other];
  },

  "one PostgreSQL, which is PGlite": async () => {
    const db = await PGlite.create();
    ends.push(() => db.close());
    const open = () => sqlLedger({ dialect: "postgres", query: fromPglite(db), skewMs: 0 });
    const [one, other] = [open(), open()];
    await one.setup();
    return [one, other];
  },
};

type RateLimit = NonNullable<AresServerOptions["rateLimit"]>;

/** Two servers of one app over HTTP, and a user who presses at both in turn. */
async function fleet([one, other]: [Ledger, Ledger], rateLimit: RateLimit) {
  const worlds = [one, other].map((ledger) => world({ ledger, rateLimit, now: Date.now }));
  const addresses = await Promise.all(worlds.map(({ server }) => listen(server.handler)));
  let presses = 0;

  async function press(key = newKey()) {
    const address = addresses[presses++ % addresses.length];
    const answer = await fetch(`${address}/api/ares`, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        "Sec-Fetch-Site": "same-origin",
        "Idempotency-Key": key,
      },
      body: JSON.stringify({ usage: "mite" }),
    });
    const { code = "charged" } = await answer.json();
    return { code, wait: Number(answer.headers.get("Retry-After")), key };
  }
  async function pressTimes(count: number) {
    const answers: Awaited<ReturnType<typeof press>>[] = [];
    for (let n = 0; n < count; n++) answers.push(await press());
    return answers;
  }
  const posts = () => worlds.map(({ ares }) => ares.posts());
  const rows = () => one.list({ userId: "user-1" });
  return { press, pressTimes, posts, rows };
}

async function listen(fetch: (request: Request) => Promise<Response>): Promise<string> {
  const server = await new Promise<ReturnType<typeof serve>>((ready) => {
    const starting = serve({ fetch, port: 0, hostname: "127.0.0.1" }, () => ready(starting));
  });
  ends.push(() => new Promise((closed) => server.close(closed)));
  return `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
}

/** The key of a browser whose clock is a little ahead: the new book takes it at once. */
const newKey = () => `${Date.now() + 1_000}-${crypto.randomUUID().replaceAll("-", "")}`;

describe.each(Object.entries(books))("two servers over %s", (_, open) => {
  it("count a user's charges together, and answer a repeat from its row", async () => {
    const { press, pressTimes, posts, rows } = await fleet(await open(), {
      chargesOnAllServers: 5,
    });

    const answers = await pressTimes(9);

    expect(answers.map(({ code }) => code)).toEqual([
      ...Array(5).fill("charged"),
      ...Array(4).fill("rate_limited"),
    ]);
    expect(posts()).toEqual([3, 2]);
    expect(await rows()).toHaveLength(5);
    for (const { wait } of answers.slice(5)) {
      expect(wait).toBeGreaterThan(0);
      expect(wait).toBeLessThanOrEqual(60);
    }
    // The other server answers the first press again, from the row that the first one wrote.
    expect((await press(answers[0]?.key)).code).toBe("charged");
    expect(posts()).toEqual([3, 2]);
  });

  it("let twice as many pass where each counts alone, which is why the ledger counts", async () => {
    const { pressTimes, posts } = await fleet(await open(), { charges: 5 });

    const answers = await pressTimes(12);

    expect(answers.filter(({ code }) => code === "charged")).toHaveLength(10);
    expect(posts()).toEqual([5, 5]);
  });
});
