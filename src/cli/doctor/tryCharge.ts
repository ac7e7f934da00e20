import { setTimeout as delay } from "node:timers/promises";
import { mintKey, headers as names } from "../../contract";
import { type Ask, type Heard, isRecord } from "./ask";
import { type Finding, found } from "./findings";
import type { Endpoint } from "./lookAtEndpoint";

/** As many workers as these reads may meet. */
const READS = 6;

/** A new ledger takes no key of its first two seconds. */
const YOUNG_LEDGER_MS = 3_000;

/**
 * Charges once where that is allowed: at an endpoint that pretends, or up to the credits that the user named. Then looks
 * whether every worker finds the charge.
 */
export async function tryCharge(
  ask: Ask,
  { url, answer }: Endpoint,
  spend: number | undefined,
): Promise<Finding[]> {
  const pretends = answer.headers.get(names.pretend) === "1";
  const limit = pretends ? Number.POSITIVE_INFINITY : spend;
  if (limit === undefined)
    return [
      found("charge", "skipped", "by URL only reads are made. With --spend 1 one charge is made."),
    ];
  if (answer.status !== 200)
    return [found("charge", "skipped", 'nobody is signed in. Add --header "Cookie: …".')];
  const cheapest = pricesOf(answer)
    .filter(([, credits]) => credits <= limit)
    .sort(([, a], [, b]) => a - b)[0];
  if (!cheapest) return [found("charge", "skipped", `no usage costs at most ${limit}`)];
  const [usage, credits] = cheapest;
  const press = (key: string) =>
    ask(url, {
      method: "POST",
      body: JSON.stringify({ usage, credits }),
      headers: {
        "Content-Type": "application/json",
        Origin: new URL(url).origin,
        [names.idempotencyKey]: key,
      },
    });
  let key = mintKey();
  let first = await press(key);
  if (first.body.code === "ledger_reset") {
    await delay(YOUNG_LEDGER_MS);
    key = mintKey();
    first = await press(key);
  }
  if (first.status !== 200) return [refused(first, url)];
  const again = await press(key);
  const states = await Promise.all(
    Array.from({ length: READS }, () =>
      ask(`${url}${url.includes("?") ? "&" : "?"}charge=${encodeURIComponent(key)}`),
    ),
  );
  const lost = states.filter(
    ({ body }) => !(isRecord(body.charge) && body.charge.status === "charged"),
  ).length;
  const two = again.headers.get(names.replayed) !== "true" || lost > 0;
  return [
    found("charge", "ok", `${credits} for ${usage}${pretends ? ", pretended" : ""}: charged`),
    two
      ? found(
          "ledger",
          "error",
          `${lost} of ${READS} reads miss the charge, so two workers keep two ledgers. Give both one ledger, and memoryLedger a name.`,
        )
      : found("ledger", "ok", "the same key was charged once, and every read finds the charge"),
  ];
}

function refused({ body, status }: Heard, url: string): Finding {
  const words = `${body.code ?? status}: ${body.message ?? "no words"}`;
  if (body.code !== "origin_rejected") return found("charge", "error", words);
  const origin = new URL(url).origin;
  return found(
    "origins",
    "error",
    `the server does not see its own origin, so old browsers are refused. Write origins: ["${origin}"].`,
  );
}

function pricesOf({ body }: Heard): [string, number][] {
  if (!isRecord(body.prices)) return [];
  return Object.entries(body.prices).flatMap(([usage, credits]) =>
    typeof credits === "number" ? [[usage, credits]] : [],
  );
}
