import { isAresError, type Prices, priceOf } from "../../contract";
import type { AresApi } from "../ares/aresApi";
import type { Authenticate } from "../auth/auth";
import type { NamedSites } from "../http/origin";
import { askLedger } from "../ledger/askLedger";
import type { Ledger } from "../ledger/ledger";

/** One checked thing. */
export interface Finding {
  name: string;
  /** `error`: charges can fail or repeat until this is corrected. `skipped`: nobody looked, and the message says why. */
  status: "ok" | "warning" | "error" | "skipped";
  message: string;
}

/** What `doctor` found. */
export interface Diagnosis {
  /** False when any finding is an error. */
  ok: boolean;
  findings: Finding[];
}

export interface DoctorParts extends NamedSites {
  ledger: Ledger;
  api: AresApi;
  prices: Prices;
  authenticate: Authenticate;
  /** True when the app hears of each change of a charge. */
  hearsEvents: boolean;
  /** True when the balance is read before each charge. */
  readsBalance: boolean;
  pretend?: boolean | undefined;
  now: () => number;
}

/** Checks everything that needs no user: ledger, prices, origins, clock, ARES. */
export async function diagnose(parts: DoctorParts): Promise<Diagnosis> {
  const { ledger, api, prices, origins, cors, pretend, now } = parts;
  const ares = pretend ? found("ARES", "error", PRETEND) : await lookAtAres(api);
  const findings = [
    ...(await lookAtLedger(ledger, now)),
    lookAtPrices(prices),
    lookAtOrigins(origins, cors),
    ...lookAtOperation(parts),
    ares,
  ];
  return { ok: findings.every(({ status }) => status !== "error"), findings };
}

/** The diagnosis as lines for a terminal. */
export function report({ ok, findings }: Diagnosis): string {
  const symbols = {
    ok: "ok     ",
    warning: "warning",
    error: "ERROR  ",
    skipped: "skipped",
  } as const;
  const lines = findings.map(
    ({ name, status, message }) => `${symbols[status]}  ${name}: ${message}`,
  );
  return [...lines, ok ? "No errors." : "Correct the errors first."].join("\n");
}

const PRETEND =
  "pretend() stands in for ARES, so no real credits move; pass the app's own clientId, auth and ledger";

/** A new ledger may refuse keys of a clock that runs ahead. A minute apart, the ledger refuses keys for sure. */
const CLOCK_MS = { warning: 2_000, error: 60_000 };

const durabilities = {
  true: { status: "ok", words: "durable" },
  false: { status: "error", words: "a crash or a power cut can forget charges" },
  undefined: { status: "warning", words: "the store does not tell whether it is durable" },
} as const;

function clockStatus(apartMs: number): Finding["status"] {
  if (apartMs > CLOCK_MS.error) return "error";
  return apartMs > CLOCK_MS.warning ? "warning" : "ok";
}

async function lookAtLedger(ledger: Ledger, now: () => number): Promise<Finding[]> {
  try {
    const askedAt = now();
    const { durable, epoch, warnings, now: storeTime } = await askLedger(() => ledger.health());
    const apart = Math.max(askedAt - storeTime, storeTime - now(), 0);
    const since = `remembers since ${new Date(epoch).toISOString()}`;
    const durability = durabilities[`${durable}`];
    return [
      found("ledger", durability.status, `${durability.words}; ${since}`),
      ...warnings.map((message) => found("ledger", "warning", message)),
      found(
        "clock",
        clockStatus(apart),
        `${(apart / 1000).toFixed(1)} s apart from the ledger's clock`,
      ),
    ];
  } catch (error) {
    const cause = isAresError(error) ? error.cause : undefined;
    return [
      found(
        "ledger",
        "error",
        isAresError(cause)
          ? cause.message.replace(/^ARES: /, "")
          : "the ledger can't be reached; every charge is refused",
      ),
    ];
  }
}

function lookAtPrices(prices: Prices): Finding {
  const names = Object.keys(prices);
  if (names.length === 0)
    return found("prices", "error", "there are none; every charge is refused");
  return found(
    "prices",
    "ok",
    names.map((usage) => `${usage} ${priceOf(prices[usage] ?? 0).credits ?? "quoted"}`).join(", "),
  );
}

function lookAtOrigins(origins: readonly string[], cors: readonly string[]): Finding {
  const all = [...origins, ...cors];
  const insecure = all.filter(
    (origin) =>
      origin.startsWith("http://") && !/^http:\/\/(localhost|127\.0\.0\.1)(:|$)/.test(origin),
  );
  if (insecure.length > 0) return found("origins", "error", `not https: ${insecure.join(", ")}`);
  if (origins.length === 0)
    return found("origins", "warning", "none set; behind a proxy, old browsers are refused");
  return found("origins", "ok", all.join(", "));
}

/** What an operator needs on the day when ARES does not answer a charge. */
function lookAtOperation({ authenticate, hearsEvents, readsBalance }: DoctorParts): Finding[] {
  return [
    hearsEvents
      ? found("events", "ok", "onEvent hears each change of a charge")
      : found("events", "warning", NO_EVENTS),
    readsBalance
      ? found("evidence", "ok", "the balance is read before each charge")
      : found("evidence", "warning", NO_EVIDENCE),
    authenticate.forUser
      ? found("forUser", "ok", "auth reaches a user's balance later")
      : found("forUser", "warning", NO_FOR_USER),
  ];
}

const NO_EVENTS =
  "there is no onEvent, so nobody hears of an unknown charge or of settle_lost. Pass onEvent, and alert on both.";
const NO_EVIDENCE =
  'evidence is not "balance", so reconcile can\'t judge an unknown charge: it compares the balance before and after.';
const NO_FOR_USER =
  "auth has no forUser(), so reconcile can't read a user's balance. Write it, as clerkAuth has one.";

/** ARES answers 401 or 403 to a call without a good token: then ARES is reachable. */
async function lookAtAres(api: AresApi): Promise<Finding> {
  const reply = await api.getUser("ares-react-doctor");
  if (reply.status !== "answered") return found("ARES", "error", "can't be reached from here");
  if (reply.http === 401 || reply.http === 403) return found("ARES", "ok", "reachable");
  return found("ARES", "warning", `answered ${reply.http} instead of 401`);
}

const found = (name: string, status: Finding["status"], message: string): Finding => ({
  name,
  status,
  message,
});
