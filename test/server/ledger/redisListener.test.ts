import { describe, expect, it } from "vitest";
import { fromNodeRedis, redisLedger } from "../../../src/server";

/** A client of node-redis. Its server tells no settings. */
function client(listeners?: number) {
  return {
    eval: async () => "1 2",
    evalSha: async () => "1 2",
    sendCommand: async () => "",
    ...(listeners !== undefined && { listenerCount: () => listeners }),
  };
}
const warnings = async (listeners?: number) =>
  (await redisLedger(fromNodeRedis(client(listeners))).health()).warnings.join();

describe("a client of node-redis", () => {
  it("without an error listener is warned of: a lost connection ends the process", async () => {
    expect(await warnings(0)).toContain('client.on("error"');
  });

  it("with a listener, or that does not tell, is not", async () => {
    expect(await warnings(1)).not.toContain("listener");
    expect(await warnings()).not.toContain("listener");
  });
});
