import { execFile } from "node:child_process";
import { readFileSync } from "node:fs";
import { createServer } from "node:net";
import path from "node:path";
import { promisify } from "node:util";
import { afterEach, describe, expect, it } from "vitest";
import { charge, type Demo, eventually, freshFolder, newKey, startDemo } from "./demo";

const ends: (() => Promise<unknown>)[] = [];

afterEach(async () => {
  for (const end of ends.splice(0)) await end();
});

async function running(options: Parameters<typeof startDemo>[0] = {}): Promise<Demo> {
  const demo = await startDemo(options);
  ends.push(demo.stop);
  return demo;
}

describe("from a terminal", () => {
  it("deducts once when one key is sent twice, and serves the paid endpoint once", async () => {
    const demo = await running();
    const key = newKey();
    const unpaid = await fetch(`${demo.address}/api/export-pdf`, {
      headers: { "Ares-Charge": key },
    });

    const first = await charge(demo, key);
    const second = await charge(demo, key);

    expect(unpaid.status).toBe(402);
    expect([first.status, first.replayed, second.status, second.replayed]).toEqual([
      200,
      "false",
      200,
      "true",
    ]);
    expect(await demo.deductions("ada")).toEqual([1]);
    const served = [1, 2].map(() =>
      fetch(`${demo.address}/api/export-pdf`, { headers: { "Ares-Charge": key } }),
    );
    expect((await Promise.all(served)).map(({ status }) => status).sort()).toEqual([200, 402]);
  });

  it("answers the README's own commands as the README says, in the demo's first second too", async () => {
    // As a reader starts the demo, which bundles itself.
    const demo = await running({ env: { DEMO_BUILD: "" } });
    const readme = readFileSync(path.resolve(import.meta.dirname, "../../README.md"), "utf8");
    const blocks = [...readme.matchAll(/^```sh\n([\s\S]*?)^```/gm)].map(([, code = ""]) => code);
    const commands = blocks.filter((code) => code.includes("localhost:4100")).join("");

    async function run() {
      const { stdout } = await promisify(execFile)("bash", [
        "-c",
        commands.replaceAll("http://localhost:4100", demo.address),
      ]);
      return stdout.toLowerCase().trim().split(/\s*\n/);
    }
    const pair = [
      "http/1.1 200 ok",
      "idempotency-replayed: false",
      "http/1.1 200 ok",
      "idempotency-replayed: true",
    ];

    expect(await run()).toEqual([...pair, "402", "200", "200", "402"]);
    expect(await demo.deductions("ada")).toEqual([1, 3]);
    expect(await run()).toEqual([...pair, "402", "200", "402", "402"]);
    expect(await demo.deductions("ada")).toEqual([1, 3, 1]);
  });

  it("refuses a report that was not paid for, and serves one that was, once", async () => {
    const demo = await running();
    async function read() {
      const answer = await fetch(`${demo.address}/api/reports/moths-2025`, {
        headers: { Authorization: "Bearer demo-ada" },
      });
      const body: unknown = await answer.json();
      return { status: answer.status, body };
    }
    const refused = (code: string) => ({
      status: 402,
      body: { code, usage: "report", resource: "moths-2025" },
    });
    expect(await read()).toMatchObject(refused("payment_required"));

    const paid = await charge(demo, newKey(), { usage: "report", resource: "moths-2025" });

    expect(paid).toMatchObject({ status: 200, body: { status: "charged" } });
    expect([await read(), await read()]).toMatchObject([
      { status: 200, body: { id: "moths-2025" } },
      refused("used_up"),
    ]);
    expect(await demo.deductions("ada")).toEqual([3]);
  });

  it("refuses a POST that shows no bearer token, and one from another site", async () => {
    const demo = await running();
    const send = (headers: Record<string, string>) =>
      fetch(`${demo.address}/api/ares`, {
        method: "POST",
        headers: { "Content-Type": "application/json", "Idempotency-Key": newKey(), ...headers },
        body: JSON.stringify({ usage: "export-pdf" }),
      });

    const answers = [
      await send({}),
      await send({ Origin: "https://elsewhere.example", Cookie: "demo-account=ada" }),
    ];

    expect(answers.map(({ status }) => status)).toEqual([403, 403]);
    expect(await demo.deductions("ada")).toEqual([]);
  });
});

describe("when the app's server is killed between the deduction and its answer", () => {
  it("remembers the charge and the deduction when everything was killed at once", async () => {
    const data = freshFolder();
    const before = await startDemo({ data });
    const key = newKey();
    await before.fail("hang-after-charge");
    void charge(before, key).catch(() => {});
    await eventually(
      () => before.deductions("ada"),
      (taken) => taken.length === 1,
    );
    // The pretend ARES writes its book a moment later than the real one would.
    await new Promise((resolve) => setTimeout(resolve, 300));

    await before.kill();
    const demo = await running({ data, port: before.port });

    expect(await charge(demo, key)).toMatchObject({ status: 409 });
    expect(await demo.deductions("ada")).toEqual([1]);
    expect(await demo.balance("ada")).toBe(697);
    expect(["sending", "unknown"]).toContain((await demo.ledger("ada"))[0]);
  });
});

describe("npm start", () => {
  it("takes the next port and says so when the wanted one is busy", async () => {
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    ends.push(() => new Promise((resolve) => holder.close(resolve)));
    const address = holder.address();
    const busy = typeof address === "object" && address !== null ? address.port : 0;

    const demo = await running({ port: busy });

    expect(demo.port).toBeGreaterThan(busy);
    expect(demo.output()).toContain(`Port ${busy} is busy, so the demo took ${demo.port}.`);
  });

  it("refuses a second demo in one data folder, with one sentence, and leaves the first alone", async () => {
    const demo = await running();

    const second = startDemo({ data: demo.data });

    await expect(second).rejects.toThrow(
      /^The demo ended with 1: Another demo \(process \d+\) already uses [^\n]*\n$/,
    );
    expect((await charge(demo, newKey())).status).toBe(200);
  });

  it.each(["abc", "99999"])("refuses PORT=%s with one sentence", async (port) => {
    const started = startDemo({ env: { PORT: port } });

    await expect(started).rejects.toThrow(/^The demo ended with 1: PORT is "\w+"\. [^\n]*\n$/);
  });

  it("says how to forget what it remembers, once there is something", async () => {
    const data = freshFolder();
    const first = await startDemo({ data });
    await charge(first, newKey());
    await first.kill();

    const demo = await running({ data });

    expect(first.output()).not.toContain("--fresh");
    expect(demo.output()).toContain("`npm start -- --fresh` forgets it.");
    expect(await demo.deductions("ada")).toEqual([1]);
  });

  it("leaves nothing running and nothing listening when it is stopped", async () => {
    const demo = await startDemo();
    const ares = /http:\/\/127\.0\.0\.1:\d+/.exec(demo.output())?.[0] ?? "";
    expect((await fetch(`${ares}/__sim/users`)).status).toBe(200);

    const code = await demo.stop();

    expect(code).toBe(0);
    await expect(fetch(demo.address)).rejects.toThrow();
    await expect(fetch(ares)).rejects.toThrow();
  });

  it("takes both services along when it is killed itself", async () => {
    const demo = await startDemo();
    const ares = /http:\/\/127\.0\.0\.1:\d+/.exec(demo.output())?.[0] ?? "";

    await demo.killStarter();

    const refused = (address: string) =>
      fetch(address).then(
        () => false,
        () => true,
      );
    await eventually(
      async () => [await refused(demo.address), await refused(ares)],
      (both) => both.every(Boolean),
    );
    await demo.stop();
  });
});

describe("with the keys of the real services", () => {
  it("knows nobody without a session, and has no panel and no pretend accounts", async () => {
    const publishable = `pk_test_${Buffer.from("clerk.example.com$").toString("base64")}`;
    const env = {
      ARES_CLIENT_ID: "app",
      CLERK_SECRET_KEY: "sk_test_none",
      VITE_CLERK_PUBLISHABLE_KEY: publishable,
    };
    const holder = createServer();
    await new Promise<void>((resolve) => holder.listen(0, "127.0.0.1", resolve));
    const address = holder.address();
    const port = typeof address === "object" && address !== null ? address.port : 0;
    await new Promise((resolve) => holder.close(resolve));
    const demo = await running({ env, port });

    const account = await fetch(`${demo.address}/api/ares`, {
      headers: { Authorization: "Bearer demo-ada", Cookie: "demo-account=ada" },
    });
    const panel = await fetch(`${demo.address}/demo/world`);
    const page = await fetch(demo.address);

    expect([account.status, panel.status, page.status]).toEqual([401, 404, 200]);
    expect(demo.output()).not.toContain("pretend ARES");
  });
});
