import { beforeEach, expect, test, vi } from "vitest";
import { createAresClient } from "../../src/client";

beforeEach(() => localStorage.clear());

test("a token that no header can carry sends nothing, and is told as a failure to sign in", async () => {
  const fetch = vi.fn(async () => new Response());
  const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch, getToken: () => "line\nbreak" });

  const state = await client.open({ usage: "report" }).charge(3);

  expect(state).toMatchObject({ status: "not_charged", error: { code: "auth_unavailable" } });
  expect(fetch).not.toHaveBeenCalled();
});

test("other tabs are told which key is settled, and no balance", async () => {
  const told: unknown[] = [];
  const openChannel = () => ({ postMessage: (news: unknown) => void told.push(news), onmessage: null, close: () => {} });
  const fetch = async (_: unknown, init?: RequestInit) =>
    Response.json(init?.method ? { message: "Success" } : { user: { credits: 698 } }, { headers: { "Ares-Contract": "1" } });
  const client = createAresClient({ endpoint: "/api/ares", userKey: "ada", fetch, openChannel, newKey: () => "k-1" });
  const close = client.connect();
  await client.getUser();

  await client.open({ usage: "report" }).charge(3);
  close();

  expect(told).toEqual([{ usage: "report", key: "k-1" }]);
});
