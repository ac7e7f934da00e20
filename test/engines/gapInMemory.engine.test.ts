import { Redis } from "ioredis";
import { Client } from "pg";
import { afterEach, describe, expect, test } from "vitest";
import type { Claim } from "../../src/server";
import {
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { openLedger } from "./services/openLedger.mjs";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

/** A claim without its key, minted after the beginning of a ledger that is open. So only the gap can refuse the key. */
function makeOrder(): Omit<Claim, "key"> {
  const times = { mintedAt: Date.now() + 60_000, leaseMs: 600_000, retainMs: 600_000 };
  return {
    ...times,
    attempt: "first",
    fingerprint: "same",
    userId: "ada",
    usage: "report",
    resource: null,
    hundredths: 100,
  };
}

/** The steps of docs/guarantees.md for an operator after a restored backup. */
describe("a ledger that was told of a gap in its memory", () => {
  test.skipIf(redisServer === null)(
    `refuses the keys it lost and keeps those it knows, on ${suiteOn("Redis", redisServer)}`,
    async () => {
      const { port, stop } = await startRedis();
      stops.push(stop);
      const { ledger, close } = await openLedger({ on: "redis", port });
      stops.push(close);
      const desk = new Redis(port, "127.0.0.1");
      stops.push(() => desk.disconnect());
      const order = makeOrder();
      for (const id of ["lost", "kept"])
        expect(await ledger.claim(id, { ...order, key: id })).toEqual({ k: "mine" });

      await desk.del("{ares}:charge:lost");
      expect(
        await ledger.claim("lost", { ...order, key: "lost", attempt: "not told yet" }),
      ).toEqual({ k: "mine" });
      await desk.del("{ares}:charge:lost");
      await desk.set("{ares}:epoch", String(order.mintedAt + 1));

      expect(await ledger.claim("lost", { ...order, key: "lost", attempt: "second" })).toEqual({
        k: "reset",
      });
      expect(
        await ledger.claim("kept", { ...order, key: "kept", attempt: "second" }),
      ).toMatchObject({ k: "busy" });
    },
  );

  test.skipIf(postgresServer === null)(
    `refuses the keys it lost and keeps those it knows, on ${suiteOn("PostgreSQL", postgresServer)}`,
    async () => {
      const { port, stop } = await startPostgres();
      stops.push(stop);
      const { ledger, close } = await openLedger({ on: "postgres", port });
      stops.push(close);
      const desk = new Client({ host: "127.0.0.1", port, user: "ares", database: "postgres" });
      desk.on("error", () => {});
      await desk.connect();
      stops.push(() => desk.end());
      const order = makeOrder();
      for (const id of ["lost", "kept"])
        expect(await ledger.claim(id, { ...order, key: id })).toEqual({ k: "mine" });

      await desk.query("DELETE FROM ares_charges WHERE id = 'lost'");
      expect(
        await ledger.claim("lost", { ...order, key: "lost", attempt: "not told yet" }),
      ).toEqual({ k: "mine" });
      await desk.query("DELETE FROM ares_charges WHERE id = 'lost'");
      await desk.query("UPDATE ares_charges SET created_at = $1 WHERE id = 'epoch'", [
        String(order.mintedAt + 1),
      ]);

      expect(await ledger.claim("lost", { ...order, key: "lost", attempt: "second" })).toEqual({
        k: "reset",
      });
      expect(
        await ledger.claim("kept", { ...order, key: "kept", attempt: "second" }),
      ).toMatchObject({ k: "busy" });
    },
  );
});
