import { headers, keyMintedAt } from "../../contract";
import type { AresAuth } from "../auth/auth";
import { authenticated } from "../auth/session";
import { normalResource } from "../charge/chargeId";
import { receiptOf } from "../charge/receipt";
import { createWaitingWrites } from "../charge/waitingWrites";
import { repeatsMs } from "../charge/work";
import { afterPrerender, isRequest, type RequestOrHeaders } from "../http/asRequest";
import { checkSite, isFollowedLink } from "../http/origin";
import { bodyDigest, namedResource, readKey, requestFingerprint } from "../http/readRequest";
import { askLedger } from "../ledger/askLedger";
import type { ChargeRow } from "../ledger/ledger";
import type { Redemption } from "../ledger/redemption";
import { msSinceSettled } from "../ledger/rows";
import { askAgain, inProgress, lookOnly, refuse } from "../refusals";
import { createHeldUse, type HeldUse, noUse } from "./heldUse";
import type { Paid, PaidAccessParts, RequirePaidOptions } from "./paid";
import { mostUses, repeatsOf } from "./repeats";
import { otherBody, unpaid, usedUp } from "./unpaid";

/** A request that was let through, and the use that it counted. */
export interface Admitted<U extends string> {
  paid: Paid<U>;
  use: HeldUse;
  /** True for a HEAD where uses are counted: the charge is paid, and no work may follow, because nothing was counted. */
  workless?: boolean;
}

/** Builds the check of `requirePaid`: finds the charge that a request names, and counts one use. */
export function createAdmission(parts: PaidAccessParts) {
  const { engine, ledger, prices, authenticate, countRequest, newId, waitUntil } = parts;
  const later = createWaitingWrites(waitUntil);

  async function admit<U extends string>(
    from: RequestOrHeaders,
    options: RequirePaidOptions<U>,
  ): Promise<Admitted<U>> {
    const demand = demandOf(from, options);
    const { usage, resource, windowMs } = options;
    const request = await afterPrerender(from);
    refuseSites(from, request, demand);
    // Headers alone count no use. A prerender of Next stops at a random id.
    const by = isRequest(from)
      ? await requestFingerprint(request, readKey(request) ?? newId())
      : "";
    const auth = await authenticated(authenticate, request);
    const { userId } = auth;
    countRequest("reads", userId);

    const inputDigest = (await engine.readInput(usage, options.input))?.digest;
    const row = await paidRow(request, { userId, usage, resource, inputDigest });
    if (windowMs !== undefined && msSinceSettled(row) >= windowMs) throw usedUp(row, prices);

    const use = demand.counts ? await countUse(request, { row, by, auth, ...demand }) : noUse;
    const paid = {
      charge: receiptOf(usage, { row, replayed: true }),
      userId,
      release: () => use.release(),
    };
    const workless = demand.counts && request.method === "HEAD";
    return { paid, use, ...(workless && { workless }) };
  }

  /** A link of another site must not use a charge up. Where nothing is counted, it opens the page. */
  function refuseSites(from: RequestOrHeaders, request: Request, { counts }: Demand): void {
    const opensPage = !counts && isFollowedLink(request);
    // Headers alone count nothing.
    if (isRequest(from) && !opensPage) checkSite(request, parts);
  }

  /** The charged row that the request names. @throws {AresError} unless it is charged for exactly this */
  async function paidRow(request: Request, wanted: Wanted): Promise<ChargeRow> {
    const { usage, inputDigest } = wanted;
    const resource = wanted.resource === undefined ? null : normalResource(wanted.resource);
    const row = await findCharge(request, wanted);
    const isWanted =
      row &&
      row.resource === resource &&
      (await engine.isFor(row, { usage, resource, inputDigest }));
    if (!isWanted) throw unpaid({ usage, resource }, prices);
    switch (row.status) {
      case "charged":
        return row;
      case "claimed":
      case "sending":
        throw inProgress(row);
      case "unknown":
        throw refuse("outcome_unknown", askAgain(row, 5));
      default:
        throw unpaid({ usage, resource }, prices);
    }
  }

  /** Counts one use of a charge. A HEAD runs no work, so it counts none. */
  async function countUse(
    request: Request,
    { row, by, auth, ...demand }: Counted,
  ): Promise<HeldUse> {
    if (auth.mayCharge === false) throw lookOnly();
    if (isPrefetch(request)) throw refuse("not_allowed", {}, { message: PREFETCH });
    const uses = mostUses(demand.uses, row);
    if (request.method !== "HEAD")
      return redeemUse(row, { by, uses, repeats: demand.repeats }, await bodyDigest(request));
    if (row.redeemedBy.length >= uses) throw usedUp(row, prices);
    return noUse;
  }

  /** @throws {AresError} `used_up`, `other_body`, `charge_in_progress` */
  async function redeemUse(
    row: ChargeRow,
    { by, uses, repeats }: { by: string; uses: number; repeats: number },
    body: string | undefined,
  ): Promise<HeldUse> {
    const mine = { by, attempt: newId() };
    const redeem = (more: Omit<Redemption, "by">) =>
      askLedger(() => ledger.redeem(row.id, { ...mine, ...more }));
    const redeemed = await redeem({ uses, repeats, ...(body !== undefined && { body }) });
    switch (redeemed) {
      case "ok":
        return createHeldUse(redeem, later);
      case "busy":
        throw inProgress(row);
      case "mismatch":
        throw otherBody(row);
      case "already_by_me":
        if (!isRepeatable(row)) throw usedUp(row, prices);
        return noUse;
      default:
        throw usedUp(row, prices);
    }
  }

  /** A resource is served as often as it is asked for while it is paid. */
  function isRepeatable(row: ChargeRow): boolean {
    return row.resource !== null || msSinceSettled(row) < repeatsMs(row, prices);
  }

  async function findCharge(
    request: Request,
    { userId, resource, ...of }: Wanted,
  ): Promise<ChargeRow | null> {
    if (resource !== undefined) return engine.find(userId, { resource, ...of });
    const key = request.headers.get(headers.charge);
    if (key === null) return null;
    if (keyMintedAt(key) === null) throw refuse("idempotency_key_invalid");
    await engine.refuseOtherUser({ userId, key });
    return engine.findByKey(userId, key);
  }

  return admit;
}

/** What a request demands of its charge: how many uses, and how many repeats of each. */
interface Demand {
  uses: number;
  repeats: number;
  /** True where a request uses the charge up. */
  counts: boolean;
}

/** A use to count: of which row, under which name, for whom. */
interface Counted extends Demand {
  row: ChargeRow;
  by: string;
  auth: AresAuth;
}

function demandOf(from: RequestOrHeaders, options: RequirePaidOptions): Demand {
  const { resource, windowMs } = options;
  const { uses = resource === undefined ? 1 : Number.POSITIVE_INFINITY } = options;
  const repeats = repeatsOf(options);
  if (!(uses >= 1 && (windowMs ?? 0) >= 0))
    throw new RangeError(`ARES: requirePaid() can't count ${uses} uses within ${windowMs} ms.`);
  if (resource !== undefined) namedResource(resource);
  if (!isRequest(from) && (resource === undefined || options.uses !== undefined))
    throw new RangeError(HEADERS_ALONE);
  return { uses, repeats, counts: windowMs === undefined && uses !== Number.POSITIVE_INFINITY };
}

interface Wanted {
  userId: string;
  usage: string;
  resource: string | undefined;
  inputDigest: string | undefined;
}

const HEADERS_ALONE =
  "ARES: requirePaid() can't count a use by headers alone. Name a resource and no uses, or pass the request.";
const PREFETCH =
  "A prefetch can't use this charge, because its uses are counted. This request charged nothing and counted no use.";

/** True for a request that a browser or a router makes before its user asks for anything. */
function isPrefetch({ headers: sent }: Request): boolean {
  const purpose = `${sent.get("Sec-Purpose")} ${sent.get("Purpose")}`;
  return /prefetch|prerender/i.test(purpose) || sent.has("Next-Router-Prefetch");
}
