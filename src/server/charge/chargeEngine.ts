import {
  fromHundredths,
  isAresError,
  keyMintedAt,
  maxKeyAgeMs,
  termsOf,
  toHundredths,
} from "../../contract";
import { evidenceOf } from "../ares/account";
import { userOf } from "../ares/aresApi";
import { tokenOf } from "../auth/session";
import { askLedger, strangeAnswer } from "../ledger/askLedger";
import type { ChargeRow, Outcome } from "../ledger/ledger";
import { msSinceSettled } from "../ledger/rows";
import { askAgain, inProgress, lookOnly, refuse } from "../refusals";
import { chargeId, fingerprint, nextChargeId, normalResource } from "./chargeId";
import { type ChargeLookup, CLAIM_LEASE_MS, createChargeLookup, retention } from "./chargeLookup";
import { factsOf } from "./events";
import type { Charged, EngineParts, Intent } from "./intent";
import { refuseOtherUser, type Shown } from "./owner";
import { createQuotes, type Input, type Quotes } from "./quotes";
import { createSender } from "./sendCharge";
import { workOf } from "./work";

type Looks =
  | "find"
  | "findAll"
  | "findByKey"
  | "isFor"
  | "isExpired"
  | "lookAll"
  | "mayHaveForgotten"
  | "recent"
  | "unsettled";

export interface ChargeEngine extends Pick<ChargeLookup, Looks>, Quotes {
  /** Refuses a request of a page that shows another user. `charge` does so by itself. @throws {AresError} `other_user` */
  refuseOtherUser(shown: Shown): Promise<void>;
  /** What the next request of a row's own key meets. */
  workOf(row: ChargeRow): ReturnType<typeof workOf>;
  /** Charges one intent at most once. @throws {AresError} every code of the table that means "not charged", or `outcome_unknown`. */
  charge(intent: Intent): Promise<Charged>;
}

const FUTURE_MS = 5 * 60 * 1000;
const SKEW =
  "The ledger's clock and this server's differ by more than 10 minutes, so no charge is taken. Correct the clocks.";
/** A new ledger refuses the keys of its first moments: the `skewMs` of the kit's ledgers. */
const NEW_LEDGER_MS = 2_000;

/** Builds the charge engine: claim → begin → send → settle, with every refusal before the first byte. */
export function createChargeEngine(parts: EngineParts): ChargeEngine {
  const { clientId, prices, ledger, api, now, newId, emit } = parts;
  const quotes = createQuotes(prices);
  const lookup = createChargeLookup(parts);
  const sendCharge = createSender(parts);

  async function charge(given: Intent): Promise<Charged> {
    await refuseOtherUser(clientId, { ...given, userId: given.auth.userId });
    if (given.auth.mayCharge === false) throw lookOnly();
    const input = await quotes.readInput(given.usage, given.input);
    const asked = { ...given, input, inputDigest: input?.digest };
    const { userId } = asked.auth;
    const resource = asked.resource === null ? null : normalResource(asked.resource);
    const intent = { ...asked, resource };
    const mintedAt = keyMintedAt(intent.key);
    if (mintedAt === null) throw refuse("idempotency_key_invalid");
    let giveBack = intent.giveBack;
    try {
      giveBack ??= parts.countRequest("charges", userId);
    } catch (limited) {
      return overTheLimit(intent, limited);
    }
    const place = resource === null ? null : await lookup.locate(userId, { ...intent, resource });
    if (place?.row && (await isPaid(place.row, intent))) {
      giveBack();
      return replayPaid(place.row);
    }
    let ready: Ready;
    try {
      ready = await prepare(intent, mintedAt);
    } catch (refusal) {
      return orEarlierOutcome(intent, refusal);
    }
    const { hundredths, token } = ready;
    const evidence = parts.readBalanceBefore && hundredths > 0 ? await readBalance(token) : {};

    const attempt = newId();
    const { usage, key } = intent;
    const request = {
      attempt,
      key,
      usage,
      resource,
      userId,
      hundredths,
      fingerprint: await fingerprint({ clientId, ...intent }),
    };
    const claim = {
      ...request,
      mintedAt: Math.min(now(), intent.mintedAt ?? mintedAt),
      now: now(),
      leaseMs: CLAIM_LEASE_MS,
      ...retention(resource),
    };
    let id = place?.id ?? (await chargeId({ clientId, userId, ...intent }));
    for (;;) {
      const result = await askLedger(() => ledger.claim(id, claim));
      if (result.k === "mine") break;
      if (result.k === "mismatch") return replayOwn(intent, request.fingerprint);
      if (result.k === "reset") throw refuse("ledger_reset", { usage, ...(await whenKeysCount()) });
      if (result.k === "skew")
        throw refuse("ledger_unavailable", { usage }, { cause: new Error(SKEW) });
      if (result.k === "busy") throw inProgress(result.row);
      if (result.k !== "done") throw strangeAnswer(result);
      if (!lookup.isExpired(result.row, key)) return replay(result.row);
      id = await nextChargeId(result.row);
    }

    const row = { ...request, id, createdAt: now(), settledAt: null };
    return sendCharge({ row, intent, token, evidence });
  }

  /** When the ledger takes a new key. The browser mints that key by `serverTime`: its own clock may be behind. */
  async function whenKeysCount() {
    const ms = await askLedger(() => ledger.health()).then(
      ({ epoch }) => epoch + NEW_LEDGER_MS - now(),
      () => NEW_LEDGER_MS,
    );
    return { retryAfterSeconds: Math.max(1, Math.ceil(ms / 1000)), serverTime: now() };
  }

  /**
   * A key of the resource may stand in a row of its own: it paid before, and the paid time is over; or it was declined, and
   * another key has taken its row.
   */
  async function replayOwn(
    { auth: { userId }, key, usage, resource }: Read,
    mark: string,
  ): Promise<Charged> {
    const row = resource === null ? null : await lookup.findByKey(userId, key);
    const isOwn =
      row?.fingerprint === mark && (row.status === "charged" || row.status === "declined");
    if (!isOwn) throw refuse("idempotency_key_reused", { usage });
    return replay(row);
  }

  /** True for the row of a resource that this intent has paid for. */
  async function isPaid(row: ChargeRow, intent: Read): Promise<boolean> {
    return row.status === "charged" && row.resource !== null && (await lookup.isFor(row, intent));
  }

  /** A paid resource is told as often as a user may read. */
  async function replayPaid(row: ChargeRow): Promise<Charged> {
    parts.countRequest("reads", row.userId);
    return replay(row);
  }

  /** Only a paid resource is replayed. The refusal of any other repeat says no more than its row. */
  async function overTheLimit(intent: Read, limited: unknown): Promise<Charged> {
    const row = await lookup.meet({ ...intent, userId: intent.auth.userId });
    if (!row || row.status === "declined") throw limited;
    if (row.status === "claimed" || row.status === "sending") throw inProgress(row);
    if (row.status === "unknown") throw refuse("outcome_unknown", askAgain(row, 5));
    if (await isPaid(row, intent)) return replayPaid(row);
    const details = isAresError(limited) ? limited.details : {};
    throw refuse("rate_limited", { ...details, ...factsOf(row) }, { message: LIMITED });
  }

  async function readBalance(token: string): Promise<Outcome> {
    const user = userOf(await api.getUser(token));
    return user ? evidenceOf(user) : {};
  }

  /** The checks before a row is claimed. `orEarlierOutcome` may replace their refusal. */
  async function prepare(
    { auth, usage, input, request, key, shownCredits }: Read,
    mintedAt: number,
  ): Promise<Ready> {
    if (now() - mintedAt > maxKeyAgeMs || mintedAt - now() > FUTURE_MS)
      throw refuse("idempotency_key_expired", { serverTime: now() });
    const hundredths = await quotes.priceNow(usage, input, { userId: auth.userId, request });
    const shown = shownCredits === undefined ? hundredths : toHundredths(shownCredits);
    const agreed = termsOf(key).hundredths ?? hundredths;
    if (shown !== hundredths || agreed !== hundredths)
      throw refuse("price_changed", { usage, credits: fromHundredths(hundredths) });
    return { hundredths, token: await tokenOf(auth) };
  }

  /** Before refusing (expired key, new price …), answers from this key's own row, which may be charged already. */
  async function orEarlierOutcome(intent: Read, refusal: unknown): Promise<Charged> {
    const row = await lookup.meet({ ...intent, userId: intent.auth.userId });
    if (!row || row.status === "declined") throw refusal;
    if (!(await lookup.isFor(row, intent)))
      throw refuse("idempotency_key_reused", { usage: intent.usage });
    if (row.status === "claimed" || row.status === "sending") throw inProgress(row);
    return replay(row);
  }

  async function replay(row: ChargeRow): Promise<Charged> {
    if (row.status === "declined") throw refuse(declinedCode(row.outcome), factsOf(row));
    if (row.status === "unknown") throw refuse("outcome_unknown", askAgain(row, 5));
    if (row.status !== "charged") throw strangeAnswer(row);
    emit({ type: "replayed", ...factsOf(row) });
    return {
      row,
      replayed: true,
      agoMs: msSinceSettled(row),
      resolved: row.outcome.note !== undefined,
    };
  }

  return {
    ...lookup,
    ...quotes,
    refuseOtherUser: (shown) => refuseOtherUser(clientId, shown),
    workOf: (row) => workOf(row, prices),
    charge,
  };
}

const LIMITED =
  "Too many requests. The charge of this key was made before. Try again in a moment, with the same key.";

/** An intent whose input was read. */
type Read = Omit<Intent, "input"> & { input: Input | undefined; inputDigest: string | undefined };

interface Ready {
  hundredths: number;
  token: string;
}

function declinedCode(outcome: Outcome) {
  return outcome.code === "insufficient_credits" ? "insufficient_credits" : "declined";
}
