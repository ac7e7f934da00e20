import { describe, expect, test } from "vitest";
import { type RedisCommand, redisLedger } from "../../src/server";
import { redisScript } from "../../src/server/ledger/redis/scripts";
import { world } from "../server/world";

/** A Redis without rows that runs every script. A test sets its answers to commands. */
function emptyRedis(command?: RedisCommand) {
  const now = 1_800_000_000_000;
  const run = async (script: string) => {
    if (script === redisScript("epoch")) return `epoch ${now - 1_000_000} ${now}`;
    if (script === redisScript("findAll")) return "rows []";
    return 'rows {"rows":[]}';
  };
  return redisLedger({ eval: run, ...(command ? { command } : {}) });
}

const refusing: RedisCommand = async (name) => {
  throw new Error(`NOPERM this user has no permissions to run the '${name.toLowerCase()}' command`);
};

describe("a Redis that does not tell its settings", () => {
  test.each<[string, RedisCommand | undefined]>([
    ["because INFO is refused", refusing],
    ["because INFO is answered with nothing", async () => ""],
    ["because the connection has no commands", undefined],
  ])("is neither durable nor not: %s", async (_, command) => {
    const { durable, epoch, now, warnings } = await emptyRedis(command).health();

    expect([durable, now - epoch]).toEqual([undefined, 1_000_000]);
    expect(warnings.join()).toContain("does not tell its settings");
  });

  test("says all the same that a key without a row has charged nothing", async () => {
    const { get, key } = world({ ledger: emptyRedis(refusing) });

    const answer = await get(`?charge=${key()}`);

    expect([answer.status, (await answer.json()).charge]).toEqual([200, { status: "absent" }]);
  });
});
