import { createHmac } from "node:crypto";
import { readFileSync } from "node:fs";
import ts from "typescript";
import { afterEach, describe, expect, it, vi } from "vitest";
import type { AresEvent } from "../../../src/server";
import { snippetsOf } from "../../laws/snippets";
import { json, world } from "../world";

afterEach(() => void vi.unstubAllGlobals());

const page = readFileSync(new URL("../../../docs/operate/watch.md", import.meta.url), "utf8");

interface Delivery {
  id: string;
  event: AresEvent;
}

interface Webhook {
  toQueue(add: (delivery: Delivery) => Promise<void>): (event: AresEvent) => Promise<void>;
  deliver(delivery: Delivery, url: string, secret: string): Promise<void>;
}

/** The module of the recipe, as it stands on the page. */
function webhook(): Webhook {
  const { code } = snippetsOf(page).find(({ file }) => file === "lib/webhook.ts") ?? { code: "" };
  const { outputText } = ts.transpileModule(code, {
    compilerOptions: { module: ts.ModuleKind.ESNext, target: ts.ScriptTarget.ES2022 },
  });
  const plain = outputText
    .replaceAll(/^export (?=(async )?function)/gm, "")
    .replaceAll(/^export .*$/gm, "");
  return new Function(`${plain}\nreturn { toQueue, deliver };`)();
}

/** Every type of event. A type that is missing here, or too many, does not compile. */
const types = {
  charged: true,
  replayed: true,
  declined: true,
  not_sent: true,
  unknown: true,
  resolved: true,
  settle_delayed: true,
  settle_lost: true,
  settle_corrected: true,
} satisfies Record<AresEvent["type"], true>;

/** Those that have a code. */
const coded = { declined: true, not_sent: true, unknown: true } satisfies Record<
  Extract<AresEvent, { code: unknown }>["type"],
  true
>;

describe("docs/operate/watch", () => {
  const rows = [...page.matchAll(/^\| `(\w+)` \|.*\| (.*)\|$/gm)];
  const listed = rows.filter(([, name = ""]) => name in types);

  it("names every type of event, and no other", () => {
    expect(listed.map(([, name]) => name).sort()).toEqual(Object.keys(types).sort());
  });

  it("says which of them have a code", () => {
    const told = listed.filter(([, , also]) => also?.includes("`code`")).map(([, name]) => name);
    expect(told.sort()).toEqual(Object.keys(coded).sort());
  });
});

describe("the webhook of docs/operate/watch", () => {
  const secret = `whsec_${Buffer.from("a secret of thirty-two bytes, or").toString("base64")}`;
  const url = "https://crm.example/hooks/ares";

  /** An app's queue, which tries each delivery until it is taken, and a receiver that gives these answers. */
  function crm(...answers: (() => Response | Promise<Response>)[]) {
    const { toQueue, deliver } = webhook();
    const kept: Delivery[] = [];
    const received: { url: string; headers: Headers; body: string }[] = [];
    vi.stubGlobal("fetch", async (url: string, init: RequestInit) => {
      received.push({ url, headers: new Headers(init.headers), body: String(init.body) });
      return (answers.shift() ?? (() => new Response()))();
    });
    async function work(): Promise<void> {
      for (const delivery of kept) {
        const isTaken = () =>
          deliver(delivery, url, secret).then(
            () => true,
            () => false,
          );
        while (!(await isTaken()));
      }
    }
    const onEvent = toQueue(async (delivery) => void kept.push(delivery));
    return { onEvent, kept, received, work };
  }

  it("is signed by HMAC, and keeps its id in every try", async () => {
    const { onEvent, received, work } = crm(
      () => Promise.reject(new TypeError("fetch failed")),
      () => json(503, {}),
    );
    const { post, events, ledger } = world({ onEvent });

    await post({ usage: "image" });
    await work();

    expect(received).toHaveLength(3);
    const ids = received.map(({ headers }) => headers.get("webhook-id"));
    expect(new Set(ids).size).toBe(1);
    for (const { url: sentTo, headers, body } of received) {
      const signed = `${headers.get("webhook-id")}.${headers.get("webhook-timestamp")}.${body}`;
      const mac = createHmac("sha256", "a secret of thirty-two bytes, or").update(signed);
      expect(sentTo).toBe(url);
      expect(headers.get("webhook-signature")).toBe(`v1,${mac.digest("base64")}`);
    }
    const [row] = await ledger.list({});
    expect(JSON.parse(received[0]?.body ?? "")).toEqual({
      type: "ares.charged",
      timestamp: new Date(1_800_000_000_000).toISOString(),
      data: {
        type: "charged",
        chargeId: row?.id,
        usage: "image",
        credits: 4,
        at: 1_800_000_000_000,
      },
    });
    expect(events).toEqual([]);
  });

  it("never stands in the way of a payment: the receiver hangs, and the queue rejects", async () => {
    const { received, kept } = crm();
    const { post, ares } = world({
      onEvent: webhook().toQueue(() => Promise.reject(new Error("the queue is down"))),
    });
    const hanging = world({ onEvent: webhook().toQueue(() => new Promise(() => {})) });

    expect((await post({ usage: "image" })).status).toBe(200);
    expect((await hanging.post({ usage: "image" })).status).toBe(200);
    expect([ares.book.length, hanging.ares.book.length]).toEqual([1, 1]);
    expect([received, kept]).toEqual([[], []]);
  });
});
