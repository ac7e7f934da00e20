import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import ts from "typescript";
import { afterEach, describe, expect, it, vi } from "vitest";
import { runCharges } from "../../../src/cli/charges/runCharges";
import type { AresAuth } from "../../../src/server";
import { snippetsOf } from "../../laws/snippets";
import { json, world } from "../world";

const guide = readFileSync(new URL("../../../docs/ledgers.md", import.meta.url), "utf8");

/** Runs a snippet of the guide as it stands there. Its import of `ares` is the given server. Returns its `GET`, where it has one. */
async function runSnippet(
  file: string,
  ares: unknown,
): Promise<((request: Request) => Promise<Response>) | undefined> {
  const snippet = snippetsOf(guide).find((each) => each.file === file);
  if (!snippet) throw new Error(`docs/ledgers.md has no ${file}.`);
  const withoutImport = snippet.code
    .replace('import { ares } from "@/lib/ares";\n', "")
    .replace("export async function", "async function");
  const { outputText } = ts.transpileModule(withoutImport, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  expect(outputText).not.toContain("import ");
  const AsyncFunction = Object.getPrototypeOf(async () => {}).constructor;
  return new AsyncFunction(
    "ares",
    `${outputText}\nreturn typeof GET === "function" ? GET : undefined;`,
  )(ares);
}

/** Three users whose charges got no answer: one was deducted, one was not, and one spent elsewhere too. */
async function threeUnknown() {
  const session: { auth: AresAuth } = {
    auth: { userId: "nobody", getAccessToken: async () => "token" },
  };
  const elsewhere = new Set<string>();
  const auth = Object.assign(async () => session.auth, {
    forUser: (userId: string): AresAuth => ({ userId, getAccessToken: async () => userId }),
  });
  const w = world({ auth, evidence: "balance" });
  // One wallet for each user: the pretend ARES of the world knows only one.
  const spent = new Map<string, number>();
  const fetch = async (url: string, init: RequestInit) => {
    const user = new Headers(init.headers).get("Authorization")?.replace("Bearer ", "") ?? "";
    if (!url.endsWith("/v1/user")) {
      if (user === "deducted") spent.set(user, 4);
      return json(500, {});
    }
    const credits = 100 - (spent.get(user) ?? 0) - (elsewhere.has(user) ? 1 : 0);
    return json(200, {
      message: "Success",
      user: { id: user, email: "someone@example.test", credits },
    });
  };
  const paying = world({ auth, evidence: "balance", ledger: w.ledger, ares: { fetch } });
  for (const userId of ["deducted", "not-deducted", "spent-elsewhere"]) {
    session.auth = { userId, getAccessToken: async () => userId };
    expect((await paying.post({ usage: "image" })).status).toBe(409);
  }
  elsewhere.add("spent-elsewhere");
  w.clock.ms += 200_000;
  paying.clock.ms += 200_000;
  const states = async () =>
    Object.fromEntries((await w.ledger.list({})).map(({ userId, status }) => [userId, status]));
  return { server: paying.server, ledger: w.ledger, states };
}

const ended = { deducted: "charged", "not-deducted": "declined", "spent-elsewhere": "unknown" };

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe("the ways to reconcile in docs/ledgers.md", () => {
  it("the command ends what the balance tells, and prints the rest with its id", async () => {
    const { server, ledger, states } = await threeUnknown();
    const command = /npx ares-react (reconcile) \S+ (--apply) (--yes)/.exec(guide)?.slice(1) ?? [];
    const book = async () => ({ ...(await server.charges.book()), engine: "postgres" });
    const shared: { aresOfTest?: object; crypto?: unknown } = globalThis;
    shared.aresOfTest = { ...server, charges: { ...server.charges, book } };
    const folder = mkdtempSync(join(tmpdir(), "ares-reconcile-"));
    writeFileSync(join(folder, "ares.mjs"), "export const ares = globalThis.aresOfTest;\n");
    const printed: string[] = [];

    const code = await runCharges(command, {
      folder,
      print: (line) => printed.push(line),
      tell: () => {},
      confirm: async () => undefined,
    });

    delete shared.aresOfTest;
    rmSync(folder, { recursive: true });
    expect(code).toBe(1);
    expect(await states()).toEqual(ended);
    const [left] = await ledger.list({ status: "unknown" });
    expect(printed).toHaveLength(3);
    expect(printed).toContain(
      `${left?.id}  image  4 credits  undecided  The balance changed by another amount.`,
    );
  });

  it("the cron route does the same for its secret, and nothing for anybody else", async () => {
    const { server, ledger, states } = await threeUnknown();
    const printed = vi.spyOn(console, "warn").mockImplementation(() => {});
    const route = await runSnippet("app/api/cron/reconcile/route.ts", server);
    const call = (headers: Record<string, string>) =>
      route?.(new Request("https://app.example/api/cron/reconcile", { headers }));

    vi.stubEnv("CRON_SECRET", undefined);
    expect((await call({ Authorization: "Bearer undefined" }))?.status).toBe(401);
    vi.stubEnv("CRON_SECRET", "secret");
    for (const headers of [{}, { Authorization: "Bearer other" }])
      expect((await call(headers))?.status).toBe(401);
    expect(new Set(Object.values(await states()))).toEqual(new Set(["unknown"]));

    const answer = await call({ Authorization: "Bearer secret" });

    expect(await answer?.json()).toEqual({ ended: 2, left: 1 });
    expect(await states()).toEqual(ended);
    const [left] = await ledger.list({ status: "unknown" });
    expect(printed.mock.calls.flat()).toEqual([
      `${left?.id}: image, 4 credits. The balance changed by another amount.`,
    ]);
  });
});
