import { setTimeout as pause } from "node:timers/promises";
import { ChargeAnswer, ChargeStateAnswer, errorTable, Problem } from "../../contract";
import type { Intent } from "./intents";

/**
 * What an answer says about the money, and no more than that.
 *
 * `charged`, `not_charged`: so far, under any attempt. `declined`: under this key never. `open`: either may follow.
 * `nothing`: no answer, or an answer about this request only.
 */
type Said = "charged" | "not_charged" | "declined" | "open" | "nothing";

/** One request and its answer, as a history checker needs them. */
export interface Operation {
  intent: string;
  key: string;
  does: "charge" | "read";
  from: number;
  to: number;
  said: Said;
  /** True when ARES was asked for this very answer, and the answer is no replay. */
  fresh: boolean;
  code: string;
}

export interface Customer {
  /** The addresses to ask now. */
  urls(): string[];
  history: Operation[];
  /** How often one request is repeated with its key, when its answer allows that. */
  attempts: number;
  random: () => number;
}

const CHARGE_MS = 8_000;

/** Asks for one charge as a patient client does: with the same key again, as long as the answer allows that. */
export async function charge(customer: Customer, intent: Intent, key: string): Promise<void> {
  for (let attempt = 0; attempt < customer.attempts; attempt++) {
    const operation = await ask(customer, intent, key, "charge");
    if (!mayRepeat(operation.code)) return;
    await pause(Math.min(100 * 2 ** attempt, 600) * (0.5 + customer.random()));
  }
}

/** Reads the state of a charge. */
export function read(customer: Customer, intent: Intent, key: string): Promise<Operation> {
  return ask(customer, intent, key, "read");
}

async function ask(
  customer: Customer,
  intent: Intent,
  key: string,
  does: Operation["does"],
): Promise<Operation> {
  const urls = customer.urls();
  const url = urls[Math.floor(customer.random() * urls.length)] ?? "";
  const from = Date.now();
  const answer = await (does === "charge" ? post(url, intent, key) : get(url, intent, key)).catch(
    () => noAnswer,
  );
  const operation = { intent: intent.name, key, does, from, to: Date.now(), ...answer };
  customer.history.push(operation);
  return operation;
}

type Answer = Pick<Operation, "said" | "fresh" | "code">;

const noAnswer: Answer = { said: "nothing", fresh: false, code: "network_error" };

async function post(url: string, { user, usage, resource }: Intent, key: string): Promise<Answer> {
  const response = await fetch(`${url}/api/ares`, {
    method: "POST",
    headers: {
      Authorization: `Bearer ${user}`,
      "Content-Type": "application/json",
      "Idempotency-Key": key,
    },
    body: JSON.stringify({ usage, ...(resource === null ? {} : { resource }) }),
    signal: AbortSignal.timeout(CHARGE_MS),
  });
  const body: unknown = await response.json();
  if (!response.ok) return refusal(body, resource);
  if (ChargeAnswer.parse(body).status !== "charged")
    return { said: "nothing", fresh: false, code: "unexpected_response" };
  return {
    said: "charged",
    fresh: response.headers.get("Idempotency-Replayed") === "false",
    code: "charged",
  };
}

/** The meaning of each refusal. A code that is not here concerns its own request only. */
const refusals: Readonly<Record<string, Said>> = {
  insufficient_credits: "declined",
  declined: "declined",
  ares_unreachable: "not_charged",
  rate_limited: "not_charged",
  paused: "not_charged",
  reconnect: "not_charged",
  charge_in_progress: "open",
  outcome_unknown: "open",
};

function refusal(body: unknown, resource: string | null): Answer {
  const { code = "unexpected_response" } = Problem.parse(body);
  const said = refusals[code] ?? "nothing";
  // Another tab's key may try a declined resource again. Then this key meets that charge.
  return {
    said: said === "declined" && resource !== null ? "not_charged" : said,
    fresh: false,
    code,
  };
}

/** When asked to reconnect, the user reconnects at once. */
function mayRepeat(code: string): boolean {
  if (code === "network_error" || code === "reconnect") return true;
  return Object.entries(errorTable).some(
    ([name, { retry }]) => name === code && retry === "same_key",
  );
}

const states: Readonly<Record<string, Said>> = {
  charged: "charged",
  declined: "declined",
  absent: "not_charged",
};

async function get(url: string, { user, usage, resource }: Intent, key: string): Promise<Answer> {
  const query = new URLSearchParams(resource === null ? { charge: key } : { usage, resource });
  const response = await fetch(`${url}/api/ares?${query}`, {
    headers: { Authorization: `Bearer ${user}` },
    signal: AbortSignal.timeout(CHARGE_MS),
  });
  const body: unknown = await response.json();
  if (!response.ok)
    return {
      said: "nothing",
      fresh: false,
      code: Problem.parse(body).code ?? "unexpected_response",
    };
  const { status } = ChargeStateAnswer.parse(body).charge;
  const said = states[status] ?? "open";
  return {
    said: said === "declined" && resource !== null ? "not_charged" : said,
    fresh: false,
    code: status,
  };
}
