import { describe, expect, it } from "vitest";
import { memoryLedger } from "../../src/server";
import { world } from "../server/world";

const HOUR = 3_600_000;
const START = 1_800_000_000_000;

describe("a ledger whose clock is far from the app's", () => {
  it("takes no second row for a key when it runs 73 hours ahead, and the first one still stands afterwards", async () => {
    let ahead = 0;
    let read = () => START;
    const { ares, clock, key, post } = world({
      ledger: memoryLedger({ now: () => read() + ahead }),
    });
    read = () => clock.ms;
    const headers = { "Idempotency-Key": key() };
    expect((await post({ usage: "image" }, headers)).status).toBe(200);

    ahead = 73 * HOUR;
    expect((await (await post({ usage: "image" }, headers)).json()).code).toBe(
      "ledger_unavailable",
    );
    ahead = 0;
    const again = await post({ usage: "image" }, headers);

    expect(again.headers.get("Idempotency-Replayed")).toBe("true");
    expect(ares.book).toHaveLength(1);
  });

  it.each([11 * 60_000, -11 * 60_000])(
    "%i ms apart replays what was charged, and takes nothing new",
    async (apart) => {
      let ahead = 0;
      const { ares, key, post, events } = world({
        ledger: memoryLedger({ now: () => START + ahead }),
        onError: () => {},
      });
      const headers = { "Idempotency-Key": key() };
      await post({ usage: "image" }, headers);
      ahead = apart;

      expect((await post({ usage: "image" }, headers)).headers.get("Idempotency-Replayed")).toBe(
        "true",
      );
      expect((await (await post({ usage: "image" })).json()).code).toBe("ledger_unavailable");
      expect(ares.book).toHaveLength(1);
      expect(events.map(({ type }) => type)).toEqual(["charged", "replayed"]);
    },
  );

  it("a few minutes apart charges as ever", async () => {
    const { post } = world({ ledger: memoryLedger({ now: () => START - 9 * 60_000 }) });
    expect((await post({ usage: "image" })).status).toBe(200);
  });
});

describe("a server's clock that goes back a day", () => {
  it("locks a limited user out for one window, not for a day", async () => {
    const { clock, post } = world({ rateLimit: { charges: 1, windowMs: 1_000 } });
    await post({ usage: "image" });
    expect((await post({ usage: "image" })).status).toBe(429);
    clock.ms -= 24 * HOUR;
    const { status } = await post({ usage: "image" });
    expect(status).not.toBe(429);
  });
});
