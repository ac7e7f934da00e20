import { afterEach, describe, expect, it, vi } from "vitest";
import {
  type AresServerOptions,
  createAresServer,
  definePrices,
  memoryLedger,
} from "../../../src/server";
import {
  createAresSimulator,
  type PretendOptions,
  pretend,
  simulatedAuth,
} from "../../../src/testing";

const prices = definePrices({ report: { credits: 3 } });
const origin = "https://app.example";

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

function app(options: PretendOptions = {}, own: Partial<AresServerOptions> = {}) {
  const errors: unknown[] = [];
  const ares = createAresServer({
    ...pretend({ name: crypto.randomUUID(), ...options }),
    prices,
    onError: (error: unknown) => void errors.push(error),
    ...own,
  });
  const read = () => ares.GET(new Request(`${origin}/api/ares`));
  // A new ledger refuses keys of its first moments; a request without a key has none.
  const press = () =>
    ares.POST(
      new Request(`${origin}/api/ares`, {
        method: "POST",
        headers: {
          "Content-Type": "application/json",
          Origin: origin,
          "Idempotency-Key": `${Date.now() + 5000}-${"a".repeat(16)}`,
        },
        body: JSON.stringify({ usage: "report", resource: "42" }),
      }),
    );
  return { ares, read, press, errors };
}

const codeOf = async (response: Response) => ({
  status: response.status,
  code: (await response.json()).code,
});

describe.each(["development", "test"])("pretend() where NODE_ENV is %s", (mode) => {
  it("charges a pretend user, and says on each answer that no real credits move", async () => {
    vi.stubEnv("NODE_ENV", mode);
    const { read, press } = app();

    expect((await (await read()).json()).user.credits).toBe(698);
    const paid = await press();

    expect(paid.status).toBe(200);
    expect(paid.headers.get("Ares-Pretend")).toBe("1");
    const after = await read();
    expect((await after.json()).user.credits).toBe(695);
    expect(after.headers.get("Ares-Pretend")).toBe("1");
  });
});

describe("pretend()", () => {
  it("keeps a spending cap", async () => {
    const { press } = app({}, { spendCap: { perDay: 2 } });

    expect(await codeOf(await press())).toEqual({ status: 429, code: "rate_limited" });
  });

  it("shares ARES and the ledger within a process, so that a module may be loaded twice", async () => {
    const name = crypto.randomUUID();
    await app({ name }).press();

    expect((await (await app({ name }).read()).json()).user.credits).toBe(695);
    expect((await (await app().read()).json()).user.credits).toBe(698);
  });

  it("signs in another user, or nobody", async () => {
    const users = { ada: 5, bob: { credits: 8, email: "bob@example.org" } };

    expect((await (await app({ users, user: "bob" }).read()).json()).user).toMatchObject({
      credits: 8,
      email: "bob@example.org",
    });
    expect(await codeOf(await app({ users, account: "signed_out" }).read())).toEqual({
      status: 401,
      code: "not_signed_in",
    });
  });

  it("is an error of the doctor, who would find the pretend ARES reachable", async () => {
    const { findings } = await app().ares.doctor();
    expect(findings).toContainEqual({
      name: "ARES",
      status: "error",
      message: expect.stringContaining("pretend()"),
    });
  });
});

describe("a server that does not pretend", () => {
  it("never says so", async () => {
    const simulator = createAresSimulator();
    const own = {
      clientId: "a",
      auth: simulatedAuth({ simulator }),
      ledger: memoryLedger(),
      ares: { fetch: simulator.fetch },
    };
    const answer = await createAresServer({ ...own, prices }).GET(
      new Request(`${origin}/api/ares`),
    );
    expect([answer.status, answer.headers.has("Ares-Pretend")]).toEqual([200, false]);
  });
});

describe.each(["production", "staging", "", "Development", undefined])(
  "pretend() where NODE_ENV is %s",
  (mode) => {
    it("can be called, refuses every request with words, and moves nothing", async () => {
      vi.stubEnv("NODE_ENV", mode);
      // No other variable opens it.
      for (const name of ["CI", "VITEST", "ARES_PRETEND", "NEXT_PHASE", "NODE_TEST"])
        vi.stubEnv(name, "1");
      const name = crypto.randomUUID();
      const { ares, read, press, errors } = app({ name });

      for (const answer of [await read(), await press()]) {
        expect(answer.status).toBe(403);
        expect(await answer.json()).toMatchObject({
          code: "not_allowed",
          message: expect.stringContaining("pretend() answers only where"),
        });
      }
      await expect(ares.getUser(new Request(origin))).rejects.toMatchObject({
        code: "not_allowed",
      });
      await expect(
        ares.charge(new Request(origin, { method: "POST" }), { usage: "report" }),
      ).rejects.toMatchObject({ code: "not_allowed" });
      await expect(ares.charges.list()).rejects.toMatchObject({ code: "ledger_unavailable" });
      expect(errors.map(String)).toContainEqual(
        expect.stringContaining("ARES: pretend() answers only where"),
      );

      vi.stubEnv("NODE_ENV", "test");
      expect((await (await app({ name }).read()).json()).user.credits).toBe(698);
    });

    it("opens nothing for a real sign-in, or for a real ledger", async () => {
      vi.stubEnv("NODE_ENV", mode);
      const simulator = createAresSimulator();
      const auth = simulatedAuth({ simulator });

      const withSignIn = app({}, { auth });
      expect(await codeOf(await withSignIn.read())).toEqual({
        status: 503,
        code: "ares_unreachable",
      });
      expect(await codeOf(await withSignIn.press())).toEqual({
        status: 503,
        code: "ledger_unavailable",
      });
      const withLedger = app({}, { auth, ledger: memoryLedger() });
      expect(await codeOf(await withLedger.press())).toMatchObject({
        status: 503,
        code: "ares_unreachable",
      });
      const withAres = app({}, { auth, ares: { fetch: simulator.fetch } });
      expect(await codeOf(await withAres.press())).toEqual({
        status: 503,
        code: "ledger_unavailable",
      });
      expect(simulator.charges).toEqual([]);
    });
  },
);

describe("pretend({ alsoInProduction }) of a preview deployment", () => {
  it("charges a pretend user, says so on each answer and in each snapshot, and is an error of the doctor", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const { ares, read, press } = app({ alsoInProduction: true });

    expect((await press()).status).toBe(200);
    const after = await read();
    expect((await after.json()).user.credits).toBe(695);
    expect(after.headers.get("Ares-Pretend")).toBe("1");
    expect(await ares.snapshot(new Headers({ Host: "preview.example" }))).toMatchObject({
      pretend: true,
      user: { credits: 695 },
    });
    const { ok, findings } = await ares.doctor();
    expect(ok).toBe(false);
    expect(findings).toContainEqual({
      name: "ARES",
      status: "error",
      message: expect.stringContaining("pretend()"),
    });
  });

  it("opens nothing for another server of the process that did not ask for it", async () => {
    vi.stubEnv("NODE_ENV", "production");
    const name = crypto.randomUUID();
    app({ name, alsoInProduction: true });

    expect(await codeOf(await app({ name }).read())).toEqual({ status: 403, code: "not_allowed" });
  });
});

describe("the ledger of pretend() in production", () => {
  const verbs = [
    "claim",
    "begin",
    "settle",
    "find",
    "redeem",
    "list",
    "resolve",
    "health",
    "beginWithin",
    "findAll",
    "newest",
  ] as const;

  it.each(verbs)("refuses to %s", async (verb) => {
    vi.stubEnv("NODE_ENV", "production");
    const call: ((...args: never[]) => Promise<unknown>) | undefined = pretend().ledger[verb];
    await expect(call?.()).rejects.toMatchObject({ code: "not_allowed" });
  });
});

describe("pretend() where there is no process", () => {
  it("refuses", async () => {
    vi.stubGlobal("process", undefined);
    try {
      expect(await codeOf(await app().read())).toEqual({ status: 403, code: "not_allowed" });
    } finally {
      vi.unstubAllGlobals();
    }
  });
});
