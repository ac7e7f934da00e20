import { errorTable } from "../../src/contract";
import type { ChargeRow } from "../../src/server";

/** One request of a user, on any worker. Same user, key, usage and resource: the same intent. */
export interface Asked {
  no: number;
  user: string;
  key: string;
  usage: string;
  resource: string | null;
  /** The browser showed a wrong price, and says so, or its key does. */
  wrongPrice: boolean;
  inKey?: boolean;
  /** The key names another user. */
  wrongUser?: boolean;
  /** The request's place in the order of events. */
  since: number;
}

/** A user's wish, without its time. */
export type Wish = Omit<Asked, "no" | "since">;

/** The outcome of a call to ARES. `open`: ARES has not looked at the call yet, so the call may still be applied. */
export type SendFate = "open" | "charged" | "ambiguous" | "nothing" | "declined";

export interface Send {
  asked: Asked;
  attempt: string;
  at: number;
  fate: SendFate;
  deducted: boolean;
  credits: number;
  /** A living sender received ARES's answer. */
  heard: boolean;
  /** An operator looked into ARES's book and found nothing. */
  resolved: boolean;
  /** The last write of the row, by its sender or an operator. */
  endedAt: number;
}

/** How long the row of a key is kept after its end. The row of a resource is kept for ever. */
const KEEP_ROW_MS = 72 * 60 * 60 * 1000;

/** The prices, and how many milliseconds a charge of each resource usage stays paid. */
export interface Rules {
  price: Readonly<Record<string, number>>;
  keepMs: Readonly<Record<string, number>>;
}

export const intentOf = (asked: Pick<Asked, "user" | "key" | "usage" | "resource">) =>
  [asked.user, asked.key, asked.usage, asked.resource ?? ""].join("|");

/** Answers after which a client gives the key up. After that, no holder of the key may charge under it any more. */
const givesUp = (code: string) =>
  Object.entries(errorTable).some(
    ([name, { retry }]) => name === code && (retry === "new_key" || retry === "no"),
  );

/** The laws, judged from outside: the requests, ARES's acts, the answers, the rows. The judge knows nothing of how the engine works. */
export function collectEvidence(rules: Rules, now: () => number) {
  const violations: string[] = [];
  const sends: Send[] = [];
  /** When each attempt got its row, and who has each row. */
  const claims = new Map<string, number>();
  const holders = new Map<string, string>();
  const givenUp: { intent: string; order: number; said: string }[] = [];
  const lostSettles = new Set<string>();
  let order = 0;

  const broken = (law: string) => void violations.push(law);
  const mayCount = ({ fate, resolved, deducted }: Send) =>
    (!resolved || deducted) && (fate === "open" || fate === "charged" || fate === "ambiguous");
  const forgotten = ({ asked, endedAt }: Send) =>
    asked.resource === null && now() - endedAt >= KEEP_ROW_MS;
  const deductionsOf = (intent: string) =>
    sends.filter((send) => send.deducted && intentOf(send.asked) === intent).length;
  const sameRow = (a: Asked, b: Asked) =>
    a.user === b.user &&
    (a.resource === null
      ? b.resource === null && a.key === b.key
      : a.usage === b.usage && a.resource === b.resource);

  /** What an earlier send of the same row forbids. */
  function compareWith(earlier: Send, asked: Asked, attempt: string): void {
    const intent = intentOf(asked);
    if (mayCount(earlier) && !hasEnded(earlier, asked))
      broken(`sent ${intent} again while ${earlier.fate}`);
    // Another key of the resource may try again, whoever has the row now. The refused key may not.
    const isRefused = earlier.fate === "declined" || earlier.resolved;
    if (intentOf(earlier.asked) === intent && isRefused)
      broken(`sent ${intent} again after it was declined`);
    if (earlier.resolved && earlier.attempt === attempt)
      broken(`sent ${intent} after an operator had closed its row`);
  }

  /** What the user wanted, and what was sent. */
  function compareWithWish(asked: Asked, credits: number): void {
    const intent = intentOf(asked);
    if (asked.wrongPrice) broken(`sent ${intent} at a price the user was not shown`);
    if (asked.wrongUser) broken(`sent ${intent} for a user whom the key does not name`);
    if (credits !== rules.price[asked.usage]) broken(`sent ${intent} for ${credits} credits`);
  }

  /** True when the time that an earlier charge of a resource paid for is over. */
  function hasEnded(earlier: Send, { resource, usage }: Asked): boolean {
    const keepMs = rules.keepMs[usage] ?? Number.POSITIVE_INFINITY;
    return earlier.deducted && resource !== null && now() - earlier.at >= keepMs;
  }

  /** A request to ARES leaves a worker. */
  function sent(asked: Asked, attempt: string, credits: number): Send {
    order += 1;
    const intent = intentOf(asked);
    for (const earlier of sends.filter((each) => sameRow(each.asked, asked)))
      compareWith(earlier, asked, attempt);
    compareWithWish(asked, credits);
    const granted = claims.get(attempt) ?? order;
    for (const { intent: other, order: when, said } of givenUp)
      if (other === intent && granted < when)
        broken(`sent ${intent} by a claim older than the answer ${said}`);
    const send: Send = {
      asked,
      attempt,
      at: now(),
      fate: "open",
      deducted: false,
      credits,
      heard: false,
      resolved: false,
      endedAt: now(),
    };
    sends.push(send);
    return send;
  }

  /** The ledger gives a row to an attempt. To one that has lost its row meanwhile, a claim sent again is a new claim. */
  function claimed(row: string, attempt: string): void {
    order += 1;
    if (holders.get(row) !== attempt) claims.set(attempt, order);
    holders.set(row, attempt);
  }

  /** The ledger has stored the end of an attempt, now or at an earlier try. */
  function ended(attempt: string, row: ChargeRow | null): void {
    for (const send of sends)
      if (send.attempt === attempt) send.endedAt = row?.settledAt ?? send.endedAt;
  }

  /** An operator has stored the end of an attempt, so nothing more may leave for this attempt. */
  function closed(attempt: string): void {
    for (const send of sends) if (send.attempt === attempt) send.resolved = true;
  }

  /**
   * A user was told that nothing was charged. The answer speaks for every claim from before the request. A claim made
   * during the answer is its own charge.
   */
  function gaveUp(intent: string, said: string, since: number): void {
    const charged = sends.find(
      (send) =>
        send.deducted && intentOf(send.asked) === intent && (claims.get(send.attempt) ?? 0) < since,
    );
    // "The key is too old" says only that this request sent nothing. The answer is right when the ledger may have
    // forgotten the row.
    if (charged && !(said === "idempotency_key_expired" && forgotten(charged)))
      broken(`answered ${said} for ${intent}, which was charged`);
    givenUp.push({ intent, order: since, said });
  }

  function answered(asked: Asked, code: string): void {
    order += 1;
    const intent = intentOf(asked);
    if (code === "charged") {
      answeredCharged(asked);
      return;
    }
    if (code === "outcome_unknown" || code === "charge_in_progress") return;
    if (givesUp(code)) gaveUp(intent, code, asked.since);
    if (sends.some((send) => send.deducted && send.asked.no === asked.no))
      broken(`answered ${code} to the very request that charged ${intent}`);
  }

  function answeredCharged(asked: Asked): void {
    const intent = intentOf(asked);
    const paid = sends.filter((send) => send.deducted && sameRow(send.asked, asked));
    const isForEver = rules.keepMs[asked.usage] === Number.POSITIVE_INFINITY;
    const isOnce = asked.resource === null || isForEver;
    if (paid.length < 1) broken(`answered charged for ${intent}, which was not`);
    if (isOnce && paid.length > 1) broken(`charged ${intent} ${paid.length} times`);
  }

  /** `GET ?charge=<key>` gave this state. */
  function read(asked: Asked, status: string): void {
    order += 1;
    const intent = intentOf(asked);
    if (status === "absent" || status === "declined") gaveUp(intent, status, asked.since);
    if (status === "charged" && !sends.some((send) => send.deducted && sameRow(send.asked, asked)))
      broken(`read ${intent} as charged`);
  }

  function compareRow(row: ChargeRow): void {
    const intent = intentOf({ ...row, user: row.userId });
    const deducted = deductionsOf(intent);
    if (row.status === "charged" && deducted !== 1)
      broken(`wrote charged for ${intent} with ${deducted} deductions`);
    if (row.status === "declined" && deducted > 0)
      broken(`wrote declined for ${intent}, which was charged`);
  }

  function compareSend(send: Send, row: ChargeRow | undefined): void {
    const intent = intentOf(send.asked);
    if (mayCount(send) && !row) broken(`lost the row of ${intent}`);
    const isKnown = send.fate === "charged" && send.heard;
    const isWritten = row?.status === "charged" || lostSettles.has(row?.id ?? "");
    if (isKnown && !isWritten)
      broken(`lost the evidence that ${intent} was charged: ${row?.status}`);
  }

  function compareKey({ user, key }: Asked): void {
    const ofKey = sends.filter(
      ({ deducted, asked }) => deducted && asked.user === user && asked.key === key,
    );
    if (new Set(ofKey.map(({ asked }) => intentOf(asked))).size > 1)
      broken(`charged two requests under the key ${key}`);
  }

  function compareIntent(intent: string): void {
    const deducted = deductionsOf(intent);
    if (deducted > 1) broken(`deducted ${intent} ${deducted} times`);
  }

  /** Everything has come to rest: the rows must be what happened. */
  function compare(rows: readonly ChargeRow[]): void {
    for (const row of rows) compareRow(row);
    for (const send of sends) {
      const row = rows.find(({ attempt }) => attempt === send.attempt);
      if (row || !forgotten(send)) compareSend(send, row);
    }
    for (const { asked } of sends) compareKey(asked);
    for (const intent of new Set(sends.map(({ asked }) => intentOf(asked)))) compareIntent(intent);
  }

  return {
    violations,
    sends,
    sent,
    claimed,
    ended,
    closed,
    answered,
    read,
    compare,
    mayCount,
    asking: () => ++order,
    settleLost: (chargeId: string) => lostSettles.add(chargeId),
  };
}
