import { afterEach, describe, expect, test } from "vitest";
import * as z from "zod/mini";
import { startAres } from "../../src/cli/prove/startAres";
import { startFleet } from "../../src/cli/prove/startFleet";
import { ChargeAnswer, mintKey } from "../../src/contract";
import {
  type Engine,
  pause,
  postgresServer,
  redisServer,
  startPostgres,
  startRedis,
  suiteOn,
} from "../ledgers/engines";
import { takeBuild } from "./buildUnderTest";
import { daily } from "./daily";
import { printRow } from "./measured";
import { prices } from "./prices";
import { openLedger } from "./services/openLedger.mjs";
import type { LedgerChoice } from "./trial";

const REDEEMS = daily(2_000, { long: 10_000 });
const user = "ada";
const usage = "usage-0";

const stops: (() => unknown)[] = [];
afterEach(async () => {
  for (const stop of stops.splice(0).reverse()) await stop();
});

const Counts = z.record(z.string(), z.number());

/** Charges once. Then four servers redeem that charge all at once, each time for another request. */
async function crowdAtOneCharge(
  on: string,
  engine: Engine,
  ledger: LedgerChoice,
): Promise<Record<string, number>> {
  stops.push(engine.stop);
  const build = takeBuild();
  stops.push(build.remove);
  const ares = await startAres(build.part);
  stops.push(ares.stop);
  const fleet = await startFleet(build.service("app"), {
    ares: ares.url,
    ledger,
    prices,
    timeoutMs: 5_000,
  });
  stops.push(fleet.stop);
  const opened = await openLedger(ledger);
  stops.push(opened.close);
  await opened.ledger.health();
  await pause(2_200);

  const headers = {
    Authorization: `Bearer ${user}`,
    "Content-Type": "application/json",
    "Idempotency-Key": mintKey(Date.now()),
  };
  const paid = await fetch(`${fleet.urls()[0]}/api/ares`, {
    method: "POST",
    headers,
    body: JSON.stringify({ usage }),
  });
  const { charge } = ChargeAnswer.parse(await paid.json());

  const crowd = { id: charge?.id, times: REDEEMS / fleet.urls().length };
  const answers = await Promise.all(
    fleet
      .urls()
      .map((url) => fetch(`${url}/crowd`, { method: "POST", body: JSON.stringify(crowd) })),
  );
  const sum: Record<string, number> = {};
  for (const answer of answers) {
    for (const [word, count] of Object.entries(Counts.parse(await answer.json())))
      sum[word] = (sum[word] ?? 0) + count;
  }
  const rarestFirst = Object.entries(sum).sort(([, a], [, b]) => a - b);
  const booked = rarestFirst.map(([word, times]) => `${times.toLocaleString("en")} \`${word}\``);
  printRow({
    what: `${REDEEMS.toLocaleString("en")} redeems of one charge at once, 4 servers`,
    on,
    intents: "",
    booked: booked.join(", "),
  });
  return sum;
}

describe(`${REDEEMS.toLocaleString("en")} redeems of one charge at once, over four servers`, () => {
  test.skipIf(redisServer === null)(
    `are answered "ok" exactly once by ${suiteOn("Redis", redisServer)}`,
    async () => {
      const engine = await startRedis();

      const answers = await crowdAtOneCharge("Redis", engine, { on: "redis", port: engine.port });

      expect(answers).toEqual({ ok: 1, used: REDEEMS - 1 });
    },
  );

  test.skipIf(postgresServer === null)(
    `are answered "ok" exactly once by ${suiteOn("PostgreSQL", postgresServer)}`,
    async () => {
      const engine = await startPostgres();

      const answers = await crowdAtOneCharge("PostgreSQL", engine, {
        on: "postgres",
        port: engine.port,
      });

      expect(answers).toEqual({ ok: 1, used: REDEEMS - 1 });
    },
  );
});
