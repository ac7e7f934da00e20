import { type AresError, isAresError, keyMintedAt, maxKeyAgeMs, type Prices, type priceOf, toHundredths } from "../contract";
import { renewToken, tokenOf } from "./account";
import { type AresApi, userOf } from "./aresApi";
import type { AresAuth } from "./auth";
import { chargeId, fingerprint, nextChargeId } from "./chargeId";
import { type ChargeLookup, createChargeLookup, retainMs } from "./chargeLookup";
import { classify, type Verdict } from "./classify";
import { type AresEvent, factsOf } from "./events";
import { inLedger } from "./inLedger";
import type { ChargeRow, Ledger, Outcome } from "./ledger";
import { listedPrice } from "./listedPrice";
import { inProgress, lookOnly, refuse } from "./refuse";
import { rowsWithin } from "./rowsWithin";
import { createSettling } from "./settling";

/** One intent to charge, already authenticated and well-formed. */
export interface Intent {
  auth: AresAuth;
  key: string;
  usage: string;
  resource: string | null;
  /** What the user was shown, in credits. */
  shownCredits?: number | undefined;
  /** When the intent was formed, where the key tells it only roughly. */
  mintedAt?: number;
}

/** A charge that stands: the user has paid. */
export interface Charged {
  row: Pick<ChargeRow, "id" | "usage" | "resource" | "hundredths" | "createdAt" | "settledAt">;
  replayed: boolean;
  /** Whole hundredths, where ARES told it with this charge. */
  balanceAfter?: number;
}

export interface EngineParts {
  clientId: string;
  prices: Prices;
  ledger: Ledger;
  api: AresApi;
  /** Whether to read the balance before each charge, as evidence for an unconfirmed one. */
  readBalanceBefore: boolean;
  /** How long one call to ARES may take, in milliseconds. */
  sendMs: number;
  now: () => number;
  newId: () => string;
  /** Throws `rate_limited` when the user asks too often. */
  countCharge: (userId: string) => void;
  /** Throws when this charge would pass the user's spending cap. */
  checkSpending: (userId: string, hundredths: number) => Promise<void>;
  emit: (event: Omit<AresEvent, "at">) => void;
}

export interface ChargeEngine extends Pick<ChargeLookup, "find" | "isOver" | "mayHaveForgotten" | "recent"> {
  /** Charges one intent at most once. @throws {AresError} every code of the table that means "not charged", or `outcome_unknown`. */
  charge(intent: Intent): Promise<Charged>;
  /** Whether the app serves an unconfirmed charge all the same, within its daily cap per user. */
  granted(row: Pick<ChargeRow, "id" | "userId" | "usage">): Promise<boolean>;
}

/** What an answer of ARES means, and what an operator may want to know of it. */
type Answered = Verdict & { seen: Outcome };

/** A worker needs moments between claim and begin; a crashed one is replaced after this. */
const CLAIM_LEASE_MS = 10_000;
/** A sender is given up for lost this long after its own time limit. */
const SEND_MARGIN_MS = 20_000;
/** How old the ledger's yes may be when it is acted on; far less than a lease. */
const FRESH_MS = 6_000;
const DAY_MS = 24 * 60 * 60 * 1000;
const FUTURE_MS = 5 * 60 * 1000;

/** Builds the charge engine: claim → begin → send → settle, with every refusal before the first byte. */
export function createChargeEngine(parts: EngineParts): ChargeEngine {
  const { clientId, prices, ledger, api, now, newId, emit } = parts;
  const leaseMs = parts.sendMs + SEND_MARGIN_MS;
  const lookup = createChargeLookup(parts);
  const { settle, settleLater } = createSettling(ledger, emit);

  async function charge(intent: Intent): Promise<Charged> {
    if (intent.auth.mayCharge === false) throw lookOnly();
    const ready = await prepare(intent);
    if (isAresError(ready)) return whatStands(intent, ready);
    const { price, token } = ready;
    const evidence = parts.readBalanceBefore ? await readBalance(token) : {};

    const attempt = newId();
    const { usage, resource, key } = intent;
    const request = { attempt, key, usage, resource, userId: intent.auth.userId, hundredths: toHundredths(price.credits) };
    const claim = {
      ...request,
      fingerprint: await fingerprint({ clientId, usage, resource }),
      mintedAt: Math.min(now(), intent.mintedAt ?? ready.mintedAt),
      leaseMs: CLAIM_LEASE_MS,
      retainMs: retainMs(resource),
    };
    let id = await chargeId({ clientId, ...request });
    for (;;) {
      const result = await inLedger(() => ledger.claim(id, claim));
      if (result.k === "mine") break;
      if (result.k === "mismatch") throw refuse("idempotency_key_reused", { usage });
      if (result.k === "reset") throw refuse("ledger_reset", { usage });
      if (result.k === "busy") throw inProgress(result.row);
      if (!lookup.isOver(result.row, key)) return replay(result.row);
      id = await nextChargeId(result.row);
    }

    const row = { id, usage, resource, hundredths: request.hundredths, createdAt: now(), settledAt: null };
    return send(row, attempt, intent, token, evidence);
  }

  async function readBalance(token: string): Promise<Outcome> {
    const user = userOf(await api.getUser(token));
    return user ? { balanceBefore: toHundredths(user.credits) } : {};
  }

  /** Everything that can refuse before the ledger is touched. Returns the refusal, so that an earlier charge can outweigh it. */
  async function prepare(intent: Intent): Promise<AresError | { price: ReturnType<typeof priceOf>; token: string; mintedAt: number }> {
    const { usage } = intent;
    const mintedAt = keyMintedAt(intent.key);
    if (mintedAt === null) throw refuse("idempotency_key_invalid");
    try {
      parts.countCharge(intent.auth.userId);
      if (now() - mintedAt > maxKeyAgeMs || mintedAt - now() > FUTURE_MS) throw refuse("idempotency_key_expired", { serverTime: now() });
      const price = listedPrice(prices, usage);
      if (!price) throw refuse("unknown_usage");
      if (intent.shownCredits !== undefined && toHundredths(intent.shownCredits) !== toHundredths(price.credits)) {
        throw refuse("price_changed", { usage, credits: price.credits });
      }
      await parts.checkSpending(intent.auth.userId, toHundredths(price.credits));
      return { price, token: await tokenOf(intent.auth), mintedAt };
    } catch (error) {
      if (isAresError(error)) return error;
      throw error;
    }
  }

  /** A refusal may say "nothing was charged" only when this key has charged nothing: its row speaks first. */
  async function whatStands(intent: Intent, refusal: AresError): Promise<Charged> {
    const { usage, resource, key } = intent;
    const row = await lookup.meet({ userId: intent.auth.userId, usage, resource, key });
    if (!row || row.status === "declined") throw refusal;
    if (row.fingerprint !== (await fingerprint({ clientId, usage, resource }))) throw refuse("idempotency_key_reused", { usage });
    if (row.status === "claimed" || row.status === "sending") throw inProgress(row);
    return replay(row);
  }

  async function send(row: Charged["row"], attempt: string, intent: Intent, token: string, evidence: Outcome): Promise<Charged> {
    const { id, usage, hundredths } = row;
    async function begin(): Promise<boolean> {
      const asked = now();
      const yes = await inLedger(() => ledger.begin(id, { attempt, leaseMs }));
      // A worker that stood still meanwhile (a frozen function, a sleeping machine) holds a yes that may no longer be true.
      if (now() - asked > FRESH_MS) throw refuse("ledger_unavailable");
      return yes;
    }
    async function post(accessToken: string): Promise<Answered> {
      const reply = await api.postUsage(accessToken, { clientId, usage, hundredths });
      return { ...classify(reply), seen: reply.is === "response" ? { aresStatus: reply.status } : {} };
    }

    let begun: boolean;
    try {
      begun = await begin();
    } catch (error) {
      // The reply was lost, so the row may read `sending`; nothing was sent, and saying so frees the key.
      settleLater(row, { attempt, to: "claimed", outcome: {} });
      throw error;
    }
    if (!begun) throw inProgress(row);

    let verdict = await post(token);
    let tokenRefusal = refuse("reconnect");
    if (verdict.is === "token_rejected") {
      const renewed = await renewToken(intent.auth).catch((error: unknown) => {
        if (isAresError(error)) tokenRefusal = error;
        return null;
      });
      // ARES did nothing with the refused token, so this is still the only send that can count; `begin` renews the fence.
      const again = renewed !== null && renewed !== token && (await begin().catch(() => false));
      if (again) verdict = await post(renewed);
    }
    return conclude({ ...row, userId: intent.auth.userId }, attempt, verdict, tokenRefusal, evidence);
  }

  async function conclude(
    row: Charged["row"] & { userId: string },
    attempt: string,
    verdict: Answered,
    tokenRefusal: AresError,
    evidence: Outcome,
  ): Promise<Charged> {
    const facts = factsOf(row);
    switch (verdict.is) {
      case "charged": {
        const balance = verdict.balanceAfter === undefined ? {} : { balanceAfter: verdict.balanceAfter };
        await settle(row, { attempt, to: "charged", outcome: { ...evidence, ...balance } });
        emit({ type: "charged", ...facts });
        return { row: { ...row, settledAt: now() }, replayed: false, ...balance };
      }
      case "declined":
        await settle(row, { attempt, to: "declined", outcome: { code: verdict.code, ...verdict.seen } });
        emit({ type: "declined", code: verdict.code, ...facts });
        throw refuse(verdict.code, facts);
      case "token_rejected":
      case "not_processed": {
        const { chargeId, usage } = facts;
        const refusal =
          verdict.is === "token_rejected"
            ? tokenRefusal
            : refuse(verdict.code, { chargeId, usage, retryAfterSeconds: verdict.retryAfterSeconds });
        await settle(row, { attempt, to: "claimed", outcome: {} });
        emit({ type: "not_sent", code: refusal.code, ...facts });
        throw refusal;
      }
      case "unknown":
        await settle(row, { attempt, to: "unknown", outcome: { ...evidence, ...verdict.seen } });
        emit({ type: "unknown", code: "outcome_unknown", ...facts });
        throw await unknown(row);
    }
  }

  async function unknown(row: Pick<ChargeRow, "id" | "userId" | "usage">): Promise<AresError> {
    const details = { chargeId: row.id, usage: row.usage, retryAfterSeconds: 5 };
    return refuse("outcome_unknown", (await granted(row).catch(() => false)) ? { ...details, granted: true } : details);
  }

  async function granted({ id, userId, usage }: Pick<ChargeRow, "id" | "userId" | "usage">): Promise<boolean> {
    const price = listedPrice(prices, usage);
    if (price?.onUnknown !== "grant") return false;
    // One that was resolved as not charged is what a grant had cost; forgetting it would start the day anew.
    const today = (await rowsWithin(ledger, userId, DAY_MS)).filter(
      (row) => row.usage === usage && (row.status === "unknown" || (row.status === "declined" && row.outcome.note !== undefined)),
    );
    return today.slice(-price.grantsPerDay).some((row) => row.id === id);
  }

  async function replay(row: ChargeRow): Promise<Charged> {
    if (row.status === "declined") throw refuse(declinedCode(row.outcome), factsOf(row));
    if (row.status === "unknown") throw await unknown(row);
    emit({ type: "replayed", ...factsOf(row) });
    return { row, replayed: true };
  }

  return { ...lookup, charge, granted };
}

function declinedCode(outcome: Outcome) {
  return outcome.code === "insufficient_credits" ? "insufficient_credits" : "not_allowed";
}
