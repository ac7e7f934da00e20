import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { lookedUp } from "../lookUps";

const TIMEOUT_MS = 100;
const LATE_MS = 5000;
const headers = { "Ares-Contract": "1" };

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

/** An endpoint that charges at once. The answer to its first POST comes long after the press gave up. */
function openUsage(lateAnswer: () => Response) {
  const keys: (string | null)[] = [];
  const client = createAresClient({
    endpoint: "/api/ares",
    timeoutMs: TIMEOUT_MS,
    async fetch(url, init) {
      if (init?.method !== "POST") return lookedUp(url, { status: "charged", credits: 1 });
      keys.push(new Headers(init.headers).get("Idempotency-Key"));
      await new Promise((resolve) => setTimeout(resolve, LATE_MS));
      return lateAnswer();
    },
  });
  const handle = chargesOf(client).open({ usage: "export-pdf" }, false);
  const shown: string[] = [];
  handle.subscribe(() => {
    const { status } = handle.get();
    if (shown.at(-1) !== status) shown.push(status);
  });
  return { handle, shown, keys };
}

test.each([
  [500, "internal"],
  [503, "ares_unreachable"],
  [402, "insufficient_credits"],
  [403, "declined"],
])(
  "a charge that a read called charged stays charged when its POST answers late with %i %s",
  async (status, code) => {
    const { handle, shown, keys } = openUsage(() =>
      Response.json({ code, retryable: status === 503 }, { status, headers }),
    );
    void handle.charge(1);
    await vi.advanceTimersByTimeAsync(LATE_MS - 500);
    expect(handle.get()).toMatchObject({ status: "charged", receipt: { key: keys[0] } });

    await vi.advanceTimersByTimeAsync(LATE_MS * 2);
    void handle.charge(1);
    await vi.advanceTimersByTimeAsync(LATE_MS * 2);

    expect(shown).toEqual(["charging", "unknown", "charged"]);
    expect(handle.get()).toMatchObject({ status: "charged", receipt: { key: keys[0] } });
    expect(keys).toHaveLength(1);
  },
);
