import { Redis } from "ioredis";
import { afterEach, describe, expect, test, vi } from "vitest";
import { type Engine, redisServer, startRedis, suiteOn } from "./engines";

const started: Engine[] = [];
afterEach(async () => {
  vi.restoreAllMocks();
  for (const engine of started.splice(0)) await engine.stop();
});

async function startOne(port?: number): Promise<Engine> {
  const engine = await startRedis({}, port);
  started.push(engine);
  return engine;
}

describe.skipIf(redisServer === null)(suiteOn("an engine under test", redisServer), () => {
  test("is never taken for another server on its port", async () => {
    const { port } = await startOne();

    await expect(startOne(port)).rejects.toThrow(/did not start(.|\n)*Address already in use/);
  });

  test("says so when it ends although nobody stopped it, and not when it is killed or stopped", async () => {
    const said = vi.spyOn(console, "error").mockImplementation(() => {});
    const engine = await startOne();
    await engine.crash();
    expect(said).not.toHaveBeenCalled();
    const redis = new Redis(engine.port, "127.0.0.1", {
      maxRetriesPerRequest: 0,
      retryStrategy: () => null,
    });

    await redis.call("SHUTDOWN", "NOSAVE").catch(() => null);

    await expect
      .poll(() => said.mock.calls.join())
      .toContain(`port ${engine.port} ended with 0, and nobody stopped it`);
    const again = await startOne();
    await again.stop();
    expect(said).toHaveBeenCalledTimes(1);
  });
});
