import { describe, expect, it } from "vitest";
import type { AresAuth } from "../../../src/server";
import { json, world } from "../world";

const request = (method = "POST", headers: Record<string, string> = {}) =>
  new Request("https://app.example/page", {
    method,
    headers: { "Sec-Fetch-Site": "same-origin", ...headers },
  });

describe("a user's id that a database can't keep apart from another", () => {
  it.each([
    ["the first half of a character", "ann-\ud83d"],
    ["the second half of a character", "\ude00ann"],
    ["NUL", "ann\0"],
    ["NUL alone", "\0"],
  ])("is not signed in, and the app is told: %s", async (_, userId) => {
    const heard: unknown[] = [];
    const { get, post, server, ares, ledger } = world({
      auth: async () => ({ userId, getAccessToken: async () => "token" }),
      onError: (error) => heard.push(error),
    });

    for (const answer of [await get(), await post({ usage: "image" })])
      expect([answer.status, (await answer.json()).code]).toEqual([401, "not_signed_in"]);
    await expect(server.charge(request(), { usage: "image" })).rejects.toMatchObject({
      code: "not_signed_in",
    });
    expect(await server.snapshot(request("GET"))).toMatchObject({ session: "signed_out" });
    expect([ares.calls, await ledger.list({})]).toEqual([[], []]);
    expect(heard).toHaveLength(4);
    for (const error of heard) expect(String(error)).toMatch(/userId.*(NUL|half a character)/);
    expect(String(heard)).not.toContain("ann");
  });

  it.each(["user_2x", "7", "ann@example.test", "ann 😀", "名前", "a\nb", " "])(
    "is any other text: %j",
    async (userId) => {
      const { post } = world({
        auth: async () => ({ userId, getAccessToken: async () => "token" }),
      });

      expect((await post({ usage: "image" })).status).toBe(200);
    },
  );
});

/** What frameworks throw through an app's code: Next.js marks its errors with a digest, React Router throws a Response. */
const passed = [
  Object.assign(new Error("NEXT_REDIRECT"), { digest: "NEXT_REDIRECT;replace;/login;307;" }),
  Object.assign(new Error("NEXT_HTTP_ERROR_FALLBACK;404"), {
    digest: "NEXT_HTTP_ERROR_FALLBACK;404",
  }),
  { digest: "NEXT_NOT_FOUND" },
  Response.redirect("https://app.example/login"),
];
const broken = [
  new Error("database down"),
  Object.assign(new Error("x"), { digest: "2338126374" }),
  { digest: 7 },
  "NEXT_REDIRECT",
  undefined,
];

/** Each way into the server that asks who is signed in. */
function waysIn(auth: () => Promise<AresAuth | null>) {
  const heard: unknown[] = [];
  const { server, get, post, press, key, ares, ledger } = world({
    auth,
    onError: (error) => heard.push(error),
  });
  const work = async () => new Response("work");
  const report = { usage: "report", resource: "r-1" } as const;
  const ways: Record<string, () => Promise<unknown>> = {
    "GET of the endpoint": () => get(),
    "a look-up": () => get("?usage=report&resource=r-1"),
    "a POST": () => post({ usage: "image" }),
    "the guide's POST": () => press({ usage: "image" }),
    withPaid: () => server.withPaid(report, work)(request()),
    withCharge: () =>
      server.withCharge({ usage: "image" }, work)(request("POST", { "Idempotency-Key": key() })),
    requirePaid: () => server.requirePaid(request(), report),
    charge: () => server.charge(request(), { usage: "image" }),
    getUser: () => server.getUser(request()),
    snapshot: () => server.snapshot(request("GET"), { charges: [report] }),
  };
  return { ways, heard, ares, ledger };
}
const names = Object.keys(waysIn(async () => null).ways);
const outcome = (work: Promise<unknown>) =>
  work.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  );

/** The code that a way in answers, throws or, as a snapshot, leaves out. */
async function codeOf(work: Promise<unknown> | undefined): Promise<unknown> {
  const told: { value?: unknown; thrown?: unknown } = await outcome(work ?? Promise.reject());
  if (told.value instanceof Response) return (await told.value.json()).code;
  return (told.thrown as { code?: string })?.code ?? (told.value as { session?: string })?.session;
}

describe.each(names)("what auth throws, at %s", (name) => {
  it("passes unchanged when it is the framework's: a redirect to the sign-in must arrive", async () => {
    for (const thrown of passed) {
      const { ways, heard, ares, ledger } = waysIn(() => Promise.reject(thrown));

      expect(await outcome(ways[name]?.() ?? Promise.reject())).toEqual({ thrown });
      expect([heard, ares.calls, await ledger.list({})]).toEqual([[], [], []]);
    }
  });

  it("is auth_unavailable when it is anything else, and the app hears of it", async () => {
    for (const thrown of broken) {
      const { ways, heard } = waysIn(() => Promise.reject(thrown));

      expect(await codeOf(ways[name]?.())).toBe(
        name === "snapshot" ? "loading" : "auth_unavailable",
      );
      expect(heard).toEqual([thrown]);
    }
  });
});

const tokenReaders = [
  "GET of the endpoint",
  "a POST",
  "the guide's POST",
  "withCharge",
  "charge",
  "getUser",
  "snapshot",
];
describe.each(tokenReaders)("what getAccessToken throws, at %s", (name) => {
  it("passes unchanged when it is the framework's, with nothing charged", async () => {
    for (const thrown of passed) {
      const { ways, heard, ares } = waysIn(async () => ({
        userId: "user-1",
        getAccessToken: () => Promise.reject(thrown),
      }));

      expect(await outcome(ways[name]?.() ?? Promise.reject())).toEqual({ thrown });
      expect([heard, ares.calls]).toEqual([[], []]);
    }
  });
});

describe("a framework's own error while ARES refuses the token", () => {
  it("frees the key: the next press charges", async () => {
    const [redirect] = passed;
    let stale = true;
    const getAccessToken = (options?: { refresh?: boolean }) =>
      options?.refresh ? Promise.reject(redirect) : Promise.resolve("token");
    const { post, key, ares } = world({ auth: async () => ({ userId: "user-1", getAccessToken }) });
    const headers = { "Idempotency-Key": key() };
    ares.next(() => json(stale ? 401 : 200, { message: "Success" }));

    await expect(post({ usage: "image" }, headers)).rejects.toBe(redirect);
    stale = false;
    expect((await post({ usage: "image" }, headers)).status).toBe(200);
    expect(ares.posts()).toBe(2);
  });
});
