import { beforeEach, describe, expect, test, vi } from "vitest";
import { chargesOf, createAresClient, quote } from "../../src/client";
import { answersTo, lookUpsOf } from "./lookUps";

const headers = { "Ares-Contract": "1" };
const input = { pages: 12, format: "a4 secret" };

beforeEach(() => {
  localStorage.clear();
  vi.useFakeTimers();
  return () => void vi.useRealTimers();
});

const pagesOf = (input: unknown) =>
  typeof input === "object" && input && "pages" in input ? Number(input.pages) : 0;

/** A page in front of a server that charges 0.1 credits for each page. `answers: false`: its POSTs hang. */
function openPage({ answers = true, userKey = "user-1" } = {}) {
  const log: { url: URL; body: Record<string, unknown> | undefined; key: string | null }[] = [];
  const client = createAresClient({
    endpoint: "/api/ares",
    userKey,
    async fetch(to, init) {
      const url = new URL(String(to), "https://app.example");
      const sent = typeof init?.body === "string" ? JSON.parse(init.body) : undefined;
      log.push({ url, body: sent, key: new Headers(init?.headers).get("Idempotency-Key") });
      if (init?.method === "POST") {
        if (!answers) await new Promise(() => {});
        return Response.json(
          {
            message: "Success",
            status: "charged",
            charge: { status: "charged", credits: sent.credits },
          },
          { headers },
        );
      }
      const body = answersTo(url, ({ key, usage, input }) => {
        if (key) return { charge: { status: "absent" } };
        if (usage === "away")
          return { code: "price_unavailable", message: "no rates", retryable: true };
        if (usage !== "render") return { code: "unknown_usage", message: "no such usage" };
        return { credits: pagesOf(input) / 10 };
      });
      return Response.json(body, { headers });
    },
  });
  return {
    client,
    log,
    gets: () => log.filter(({ body }) => !body),
    posts: () => log.filter(({ body }) => body),
  };
}

describe("a quote", () => {
  test("tells the price of its own input, and shares a request with the other quotes of its tick", async () => {
    const { client, gets } = openPage();
    const first = quote(client, { usage: "render", input: { pages: 1 } });
    await vi.runAllTimersAsync();
    expect(await first).toBe(0.1);

    const three = Promise.all(
      [2, 30, 4].map((pages) => quote(client, { usage: "render", input: { pages } })),
    );
    await vi.runAllTimersAsync();
    expect(await three).toEqual([0.2, 3, 0.4]);
    expect(gets()).toHaveLength(2);
  });

  test("may be asked for again after a refusal that passes, also where it travelled with others", async () => {
    const { client } = openPage();
    const both = Promise.allSettled(
      ["render", "away"].map((usage) => quote(client, { usage, input: { pages: 2 } })),
    );
    await vi.runAllTimersAsync();
    const [, second] = await both;
    expect(second).toMatchObject({
      status: "rejected",
      reason: { code: "price_unavailable", retryable: true },
    });
  });

  test("rejects with the code of its own refusal, and spoils no other quote", async () => {
    const { client } = openPage();
    const both = Promise.allSettled([
      quote(client, { usage: "render", input: { pages: 2 } }),
      quote(client, { usage: "no-such-usage", input: {} }),
    ]);
    await vi.runAllTimersAsync();
    expect(await both).toEqual([
      { status: "fulfilled", value: 0.2 },
      { status: "rejected", reason: expect.objectContaining({ code: "unknown_usage" }) },
    ]);
  });
});

describe("a charge with an input", () => {
  test("sends the input with its POST, and stores a digest instead of the input", async () => {
    const { client, posts } = openPage({ answers: false });
    void chargesOf(client).open({ usage: "render", input }).charge(1.2);
    await vi.advanceTimersByTimeAsync(10);
    expect(posts()[0]?.body).toMatchObject({ usage: "render", input, credits: 1.2 });
    expect(JSON.stringify(localStorage)).toContain("render");
    expect(JSON.stringify(localStorage)).not.toMatch(/pages|secret/);
  });

  test("is adopted after a reload by the same input, and by no other", async () => {
    const before = openPage({ answers: false });
    void chargesOf(before.client).open({ usage: "render", input }).charge(1.2);
    await vi.advanceTimersByTimeAsync(10);
    const [{ key } = { key: null }] = before.posts();

    const { client, posts, gets } = openPage();
    void chargesOf(client)
      .open({ usage: "render", input: { ...input, pages: 500 } })
      .charge(50);
    await vi.advanceTimersByTimeAsync(10);
    expect(posts()).toHaveLength(1);
    expect(posts()[0]?.key).not.toBe(key);

    chargesOf(client)
      .open({ usage: "render", input })
      .subscribe(() => {});
    await vi.advanceTimersByTimeAsync(10);
    expect(lookUpsOf(gets().at(-1)?.url ?? "")).toEqual([{ key }]);
  });

  test("opens no charge of another input of the same resource", async () => {
    const { client } = openPage();
    const paid = chargesOf(client).open({
      usage: "render",
      resource: "film-1",
      input: { pages: 1 },
    });
    const charging = paid.charge(0.1);
    await vi.advanceTimersByTimeAsync(10);
    expect((await charging).status).toBe("charged");
    paid.keep();

    expect(
      chargesOf(client)
        .open({ usage: "render", resource: "film-1", input: { pages: 500 } })
        .get().status,
    ).toBe("idle");
    expect(
      chargesOf(client)
        .open({ usage: "render", resource: "film-1", input: { pages: 1 } })
        .get().status,
    ).toBe("charged");
  });
});
