import { beforeEach, expect, it, vi } from "vitest";
import { chargesOf, createAresClient } from "../../../src/client";
import { lookedUp } from "../lookUps";

const contract = { headers: { "Ares-Contract": "1" } };

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

/** A client whose first POST is lost, and whose second one meets the server's limit. `row`: what the ledger knows of the key. */
function limited(row: "charged" | "absent") {
  let posts = 0;
  const fetch = async (url: unknown, init?: RequestInit) => {
    if (init?.method !== "POST") return lookedUp(url, { status: row, credits: 1 });
    posts += 1;
    if (posts === 1) throw new TypeError("Failed to fetch");
    return Response.json({ error: "Too Many Requests" }, { status: 429 });
  };
  const handle = chargesOf(createAresClient({ endpoint: "/api/ares", fetch })).open({
    usage: "export",
  });
  const shown: string[] = [];
  handle.subscribe(() => shown.push(handle.get().status));
  return { handle, shown };
}

it("another server's limit says nothing of a key that was sent before: the page reads its state, and never calls it not charged", async () => {
  const row = limited("absent");
  void row.handle.charge(1);
  await vi.advanceTimersByTimeAsync(120_000);
  expect(row.handle.get().status).toBe("not_charged");
  row.shown.length = 0;

  void row.handle.charge(1);
  await vi.advanceTimersByTimeAsync(5_000);

  expect(row.shown).not.toContain("not_charged");
  expect(row.handle.get().status).toBe("unknown");
});

it("a limit on a key's first POST is a plain refusal that keeps the key", async () => {
  const fetch = async (url: unknown, init?: RequestInit) =>
    init?.method === "POST"
      ? Response.json({ code: "rate_limited", retryable: true }, { ...contract, status: 429 })
      : lookedUp(url, { status: "absent" });
  const handle = chargesOf(createAresClient({ endpoint: "/api/ares", fetch })).open({
    usage: "export",
  });
  handle.subscribe(() => {});

  const state = await handle.charge(1);

  expect(state).toMatchObject({
    status: "not_charged",
    error: { code: "rate_limited", retryable: true },
  });
});
