import {
  type AresError,
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
import type { ChargeRow, Claim, Outcome } from "../ledger/ledger";
import { msSinceSettled } from "../ledger/rows";
import { askAgain, inProgress, lookOnly, refuse, secondsOf } from "../refusals";
import type { Link } from "./chains";
import { chargeId, fingerprint, nextChargeId, normalResource } from "./chargeId";
import {
  type ChargeLookup,
  CLAIM_LEASE_MS,
  createChargeLookup,
  type IntentTarget,
  retention,
} from "./chargeLookup";
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
const GONE =
  "The charges of this user were erased while this one was claimed, so it was not. The same key may be sent again.";
/** A new ledger refuses the keys of its first moments: the `skewMs` of the kit's ledgers. */
const NEW_LEDGER_MS = 2_000;

/** Builds the charge engine: claim → begin → send → settle, with every refusal before the first byte. */
export function createChargeEngine(parts: EngineParts): ChargeEngine {
  const { clientId, prices, ledger, api, now, newId, emit } = parts;
  const quotes = createQuotes(prices);
  const lookup = createChargeLookup(parts);
  const sendCharge = createSender(parts);

  /** The walk of one charge: who, what, is it paid, at what price, then the claim and the send. */
  async function charge(intent: Intent): Promise<Charged> {
    await refuseOthers(intent);
    const subject = await subjectOf(intent);
    const count = countCharge(intent);
    if (count.k === "limited") return overTheLimit(subject, count.refusal);

    const standing = await linkOf(subject);
    if (standing?.row && (await isPaid(standing.row, subject))) {
      count.giveBack();
      return replayPaid(standing.row);
    }

    const terms = await agree(intent, subject);
    if (terms.k === "refused") return orEarlierOutcome(subject, terms.refusal);
    const { hundredths, token } = terms;
    const evidence = await readEvidence(hundredths, token);

    const claim = await claimOf(intent, subject, hundredths, standing?.head);
    const firstId = standing?.id ?? (await chargeId({ clientId, ...subject }));
    const claimed = await claimFrom(firstId, claim);
    if (claimed.k === "replay") return replay(claimed.row);
    const row = { ...claim, id: claimed.id, createdAt: now(), settledAt: null };
    return sendCharge({ row, intent, token, evidence });
  }

  /** Who charges. @throws {AresError} `other_user`, `not_allowed` */
  async function refuseOthers({ auth, key, shownOwner }: Intent): Promise<void> {
    await refuseOtherUser(clientId, { userId: auth.userId, key, shownOwner });
    if (auth.mayCharge === false) throw lookOnly();
  }

  /** What is charged for. @throws {AresError} `invalid_request`, `idempotency_key_invalid` */
  async function subjectOf({ auth, key, usage, resource, input }: Intent): Promise<Subject> {
    const read = await quotes.readInput(usage, input);
    const keyAt = keyMintedAt(key);
    if (keyAt === null) throw refuse("idempotency_key_invalid");
    return {
      userId: auth.userId,
      key,
      keyAt,
      usage,
      resource: resource === null ? null : normalResource(resource),
      input: read,
      inputDigest: read?.digest,
    };
  }

  function countCharge({ giveBack, auth }: Intent): Count {
    if (giveBack) return { k: "counted", giveBack };
    try {
      return { k: "counted", giveBack: parts.countRequest("charges", auth.userId) };
    } catch (refusal) {
      return { k: "limited", refusal };
    }
  }

  /** The place in the chain of a resource where the next charge stands; null without a resource. */
  async function linkOf({ userId, resource, ...target }: Subject): Promise<Link | null> {
    return resource === null ? null : lookup.locate(userId, { ...target, resource });
  }

  /** The price that the user agreed to, and the token that pays. `orEarlierOutcome` may replace the refusal. */
  async function agree(intent: Intent, subject: Subject): Promise<Terms> {
    try {
      refuseStrangeAge(subject);
      await refuseInPause(subject);
      const hundredths = await agreedPrice(intent, subject);
      return { k: "agreed", hundredths, token: await tokenOf(intent.auth) };
    } catch (refusal) {
      return { k: "refused", refusal };
    }
  }

  /** @throws {AresError} `idempotency_key_expired` */
  function refuseStrangeAge({ keyAt }: Subject): void {
    if (now() - keyAt > maxKeyAgeMs || keyAt - now() > FUTURE_MS)
      throw refuse("idempotency_key_expired", { serverTime: now() });
  }

  /** A pause says "not charged", so a key whose row the ledger may have lost is told that instead. */
  async function refuseInPause({ key, usage }: Subject): Promise<void> {
    if (!(await parts.isPaused())) return;
    if (await lookup.mayHaveForgotten(key)) throw await lostKey(usage);
    throw refuse("paused");
  }

  async function agreedPrice(
    { request, shownCredits }: Intent,
    { userId, key, usage, input }: Subject,
  ): Promise<number> {
    const hundredths = await quotes.priceNow(usage, input, { userId, request });
    const shown = shownCredits === undefined ? hundredths : toHundredths(shownCredits);
    const agreed = termsOf(key).hundredths ?? hundredths;
    if (shown !== hundredths || agreed !== hundredths)
      throw refuse("price_changed", { usage, credits: fromHundredths(hundredths) });
    return hundredths;
  }

  async function claimOf(
    intent: Intent,
    subject: Subject,
    hundredths: number,
    head: ChargeRow | undefined,
  ): Promise<Claim> {
    const { userId, key, keyAt, usage, resource } = subject;
    return {
      attempt: newId(),
      key,
      usage,
      resource,
      userId,
      hundredths,
      fingerprint: await fingerprint({ clientId, ...subject }),
      mintedAt: Math.min(now(), intent.mintedAt ?? keyAt),
      now: now(),
      leaseMs: CLAIM_LEASE_MS,
      ...retention(resource),
      ...(head && { head: headOf(head) }),
    };
  }

  /** Claims the row with this id, or the next of its chain where the paid time of that row has ended. */
  async function claimFrom(id: string, claim: Claim): Promise<ClaimedOrReplay> {
    const { usage, key } = claim;
    const result = await askLedger(() => parts.claim(id, claim));
    switch (result.k) {
      case "mine":
        return { k: "mine", id };
      case "mismatch":
        return { k: "replay", row: await ownRow(claim) };
      case "done":
        if (!lookup.isExpired(result.row, key)) return { k: "replay", row: result.row };
        return claimFrom(await nextChargeId(result.row), { head: headOf(result.row), ...claim });
      case "busy":
        throw inProgress(result.row);
      case "reset":
        throw await lostKey(usage);
      case "skew":
        throw refuse("ledger_unavailable", { usage }, { cause: new Error(SKEW) });
      case "gone":
        throw refuse("ledger_unavailable", { usage }, { cause: new Error(GONE) });
      case "over":
        throw refuse("rate_limited", { usage, retryAfterSeconds: secondsOf(result.leftMs) });
      default:
        throw strangeAnswer(result);
    }
  }

  async function lostKey(usage: string): Promise<AresError> {
    return refuse("ledger_reset", { usage, ...(await whenKeysCount()) });
  }

  /** When the ledger takes a new key. The browser mints that key by `serverTime`: its own clock may be behind. */
  async function whenKeysCount() {
    const ms = await askLedger(() => ledger.health()).then(
      ({ epoch }) => epoch + NEW_LEDGER_MS - now(),
      () => NEW_LEDGER_MS,
    );
    return { retryAfterSeconds: secondsOf(ms), serverTime: now() };
  }

  /**
   * A key of the resource may stand in a row of its own: it paid before, and the paid time is over; or it was declined, and
   * another key has taken its row.
   */
  async function ownRow({ userId, key, usage, resource, fingerprint }: Claim): Promise<ChargeRow> {
    const row = resource === null ? null : await lookup.findByKey(userId, key);
    const isOwn =
      row?.fingerprint === fingerprint && (row.status === "charged" || row.status === "declined");
    if (!isOwn) throw refuse("idempotency_key_reused", { usage });
    return row;
  }

  /** True for the row of a resource that is paid. */
  async function isPaid(row: ChargeRow, subject: Subject): Promise<boolean> {
    return row.status === "charged" && row.resource !== null && (await lookup.isFor(row, subject));
  }

  /** A paid resource is told as often as a user may read. */
  async function replayPaid(row: ChargeRow): Promise<Charged> {
    parts.countRequest("reads", row.userId);
    return replay(row);
  }

  /** Only a paid resource is replayed. The refusal of any other repeat says no more than its row. */
  async function overTheLimit(subject: Subject, limited: unknown): Promise<Charged> {
    const row = await lookup.meet(subject);
    if (!row || row.status === "declined") throw limited;
    if (row.status === "claimed" || row.status === "sending") throw inProgress(row);
    if (row.status === "unknown") throw refuse("outcome_unknown", askAgain(row, 5));
    if (await isPaid(row, subject)) return replayPaid(row);
    const details = isAresError(limited) ? limited.details : {};
    throw refuse("rate_limited", { ...details, ...factsOf(row) }, { message: LIMITED });
  }

  /** The balance before a charge, where an unconfirmed charge shall be judged by it. */
  async function readEvidence(hundredths: number, token: string): Promise<Outcome> {
    if (!parts.readBalanceBefore || hundredths === 0) return {};
    const user = userOf(await api.getUser(token));
    return user ? evidenceOf(user) : {};
  }

  /** Before refusing (expired key, new price …), answers from this key's own row, which may be charged already. */
  async function orEarlierOutcome(subject: Subject, refusal: unknown): Promise<Charged> {
    const met = await lookup.meet(subject);
    const isAnothers = met?.status === "declined" && met.key !== subject.key;
    // The key may stand in a row of its own: another key has taken its place, or it was sent for something else.
    const row = met && !isAnothers ? met : await lookup.findByKey(subject.userId, subject.key);
    if (!row) throw refusal;
    if (!(await lookup.isFor(row, subject)))
      throw refuse("idempotency_key_reused", { usage: subject.usage });
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

/** What an intent charges for: its names in their one form, its input read. */
interface Subject extends IntentTarget {
  userId: string;
  key: string;
  /** When the key was minted. */
  keyAt: number;
  input: Input | undefined;
}

type Count = { k: "counted"; giveBack: () => void } | { k: "limited"; refusal: unknown };

type Terms =
  | { k: "agreed"; hundredths: number; token: string }
  | { k: "refused"; refusal: unknown };

/** The id of the row that this attempt holds, or the row that answers instead. */
type ClaimedOrReplay = { k: "mine"; id: string } | { k: "replay"; row: ChargeRow };

function headOf({ id, attempt }: ChargeRow): Claim["head"] {
  return { id, attempt };
}

function declinedCode(outcome: Outcome) {
  return outcome.code === "insufficient_credits" ? "insufficient_credits" : "declined";
}
