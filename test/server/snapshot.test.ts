import { describe, expect, it } from "vitest";
import { type AresAuth, AresError, memoryLedger } from "../../src/server";
import { headersOfNext } from "./paid/headersOfNext";
import { quotedWorld } from "./quotedWorld";
import { world } from "./world";

const page = (headers: Record<string, string> = {}) =>
  new Request("https://app.example/reports", { headers });
const charges = [
  { usage: "report", resource: "r-1" },
  { usage: "day", resource: "today" },
  { usage: "image", resource: "never" },
] as const;

/** A user who has paid for a report for good, and for a day. */
async function paidWorld(options: Parameters<typeof world>[0] = {}) {
  const w = world(options);
  await w.post({ usage: "report", resource: "r-1" });
  await w.post({ usage: "day", resource: "today" });
  const sent = w.ares.posts();
  return { ...w, sentSince: () => w.ares.posts() - sent };
}

describe("ares.snapshot", () => {
  it("holds owner, balance, prices and states, as plain JSON", async () => {
    const { server, clock, get } = await paidWorld();
    const answer = await (await get()).json();
    const receipt = (usage: string, resource: string, credits: number) => {
      return { usage, resource, credits, id: expect.any(String), at: clock.ms, restored: true };
    };

    const snapshot = await server.snapshot(page({ "Accept-Language": "de-CH,de;q=0.9" }), {
      charges,
    });

    expect(snapshot).toStrictEqual({
      version: 1,
      at: clock.ms,
      locale: "de-CH",
      session: "signed_in",
      connection: "connected",
      userKey: "user-1",
      owner: answer.owner,
      user: { id: "ares-1", credits: 95 },
      prices: answer.prices,
      charges: [
        {
          usage: "report",
          resource: "r-1",
          status: "charged",
          receipt: receipt("report", "r-1", 3),
        },
        {
          usage: "day",
          resource: "today",
          status: "charged",
          receipt: receipt("day", "today", 2),
          paidUntil: clock.ms + 1_000,
        },
        { usage: "image", resource: "never", status: "idle" },
      ],
    });
    expect(JSON.parse(JSON.stringify(snapshot))).toStrictEqual(snapshot);
    expect(JSON.stringify(snapshot)).not.toContain("canary");
  });

  it("reads the headers of Next, and charges and writes nothing", async () => {
    const inner = memoryLedger({ now: () => 1_800_000_000_000 });
    const verbs: string[] = [];
    const ledger = new Proxy(inner, {
      get(target, verb, receiver) {
        if (typeof verb === "string") verbs.push(verb);
        return Reflect.get(target, verb, receiver);
      },
    });
    const w = await paidWorld({ ledger });
    verbs.length = 0;

    const snapshot = await w.server.snapshot(headersOfNext({ host: "app.example" }), { charges });

    expect(snapshot.charges).toHaveLength(3);
    expect(w.sentSince()).toBe(0);
    expect(new Set(verbs)).toEqual(new Set(["findAll"]));
  });

  it("tells a charge that is over as unpaid, leaves an open charge out, and revokes no claim", async () => {
    const { server, clock, ledger } = await paidWorld();
    clock.ms += 1_000;
    const lost = { ...ledger, begin: () => new Promise<never>(() => {}) };
    const stuck = world({ ledger: lost });
    void stuck.post({ usage: "image", resource: "stuck" });
    await expect.poll(async () => (await ledger.list({ status: "claimed" })).length).toBe(1);
    clock.ms += 60_000;
    const attempts = async () =>
      (await ledger.list({ status: "claimed" })).map(({ attempt }) => attempt);
    const before = await attempts();

    const snapshot = await server.snapshot(page(), {
      charges: [...charges, { usage: "image", resource: "stuck" }],
    });

    expect(snapshot.charges.map(({ status }) => status)).toEqual(["charged", "idle", "idle"]);
    expect(await attempts()).toEqual(before);
  });

  it.each<[string, () => Promise<AresAuth | null>, object]>([
    ["nobody is signed in", async () => null, { session: "signed_out", connection: "unknown" }],
    [
      "no account is connected",
      async () => ({ userId: "user-1", getAccessToken: async () => null }),
      { session: "signed_in", connection: "not_connected" },
    ],
    [
      "the link has ended",
      async () => ({
        userId: "user-1",
        getAccessToken: async () => {
          throw new AresError("reconnect", "ended");
        },
      }),
      { session: "signed_in", connection: "reconnect" },
    ],
    [
      "the sign-in is down",
      async () => {
        throw new Error("down");
      },
      { session: "loading", connection: "unknown" },
    ],
  ])("throws nothing and says so when %s", async (_, auth, told) => {
    const { server } = world({ auth, onError: () => {} });

    const snapshot = await server.snapshot(page(), { charges });

    expect(snapshot).toMatchObject({ ...told, prices: { report: 3 } });
    expect(snapshot).not.toHaveProperty("user");
    expect(snapshot.charges).toHaveLength("owner" in snapshot ? 3 : 0);
  });

  it("holds the ledger's states without a balance when ARES does not answer in time", async () => {
    const { ledger, clock } = await paidWorld();
    const never = world({
      ledger,
      ares: { fetch: () => new Promise(() => {}) },
      onError: () => {},
      now: () => clock.ms,
    });

    const snapshot = await never.server.snapshot(page(), { charges, timeoutMs: 200 });

    expect(snapshot).not.toHaveProperty("user");
    expect(snapshot).toMatchObject({
      session: "signed_in",
      connection: "unknown",
      owner: expect.any(String),
    });
    expect(snapshot.charges.map(({ status }) => status)).toEqual(["charged", "charged", "idle"]);
  });

  it("holds the balance without states when the ledger does not answer in time, and tells the app why", async () => {
    const errors: unknown[] = [];
    const ledger = { ...memoryLedger(), findAll: () => new Promise<never>(() => {}) };
    const { server } = world({ ledger, onError: (error) => errors.push(error) });

    const snapshot = await server.snapshot(page(), { charges, timeoutMs: 200 });

    expect(snapshot).toMatchObject({ user: { credits: 100 }, charges: [] });
    await expect.poll(() => errors).toHaveLength(1);
  });

  it("counts as one read, and beyond the limit asks nobody", async () => {
    const { server, ares } = world({ rateLimit: { reads: 1 } });

    const first = await server.snapshot(page(), { charges });
    const second = await server.snapshot(page(), { charges });

    expect(first).toHaveProperty("user");
    expect(second).not.toHaveProperty("user");
    expect(ares.calls).toHaveLength(1);
  });

  it("writes numbers in English for a browser whose language nobody knows", async () => {
    const { server } = world();

    for (const language of ["", "*", "not a language!", "xx-nowhere-at-all-really"])
      expect((await server.snapshot(page({ "Accept-Language": language }))).locale).toBe("en");
  });

  it("refuses the app's own mistakes", async () => {
    const { server } = world();
    const many = Array.from({ length: 101 }, (_, n) => ({
      usage: "report" as const,
      resource: `r-${n}`,
    }));

    await expect(server.snapshot(page(), { charges: many })).rejects.toMatchObject({
      code: "invalid_request",
    });
    await expect(
      server.snapshot(page(), { charges: [{ usage: "report", resource: undefined as never }] }),
    ).rejects.toMatchObject({
      code: "invalid_request",
    });
  });

  it("calls an id of the address not paid that can name nothing, beside what is paid", async () => {
    const { server, post } = world();
    await post({ usage: "report", resource: "r-1" });
    const hostile = ["", " ", "\0", "r-1\0", "r-1\n", "\ud83d", "x".repeat(201)];
    const charges = [...hostile, "r-1"].map((resource) => ({ usage: "report", resource }) as const);

    const snapshot = await server.snapshot(page(), { charges });

    const idle = hostile.map((resource) => ({ usage: "report", resource, status: "idle" }));
    expect(snapshot.charges).toEqual([
      ...idle,
      expect.objectContaining({ resource: "r-1", status: "charged" }),
    ]);
  });
});

describe("a snapshot of quoted usages", () => {
  const asked = new Request("https://app.example/");

  it("tells the state of each input, and names the input", async () => {
    const { server, post } = quotedWorld();
    await post({ usage: "render", resource: "film", input: { pages: 12 } });
    const charges = [1, 12].map(
      (pages) => ({ usage: "render", resource: "film", input: { pages } }) as const,
    );

    const snapshot = await server.snapshot(asked, { charges });

    expect(snapshot.charges).toMatchObject([
      { input: { pages: 1 }, status: "idle" },
      { input: { pages: 12 }, status: "charged", receipt: { credits: 1.2 } },
    ]);
    expect(snapshot.prices).toEqual({ "export-pdf": 1 });
  });

  it("is refused without the input: nothing paid is called absent", async () => {
    const { server } = quotedWorld();

    await expect(
      // @ts-expect-error the compiler refuses it too
      server.snapshot(asked, { charges: [{ usage: "render", resource: "film" }] }),
    ).rejects.toMatchObject({
      code: "invalid_request",
    });
  });
});
