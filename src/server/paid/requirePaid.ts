import { headers, keyMintedAt } from "../../contract";
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
    const { usage, resource, input, windowMs } = options;
    const { uses = resource === undefined ? 1 : Number.POSITIVE_INFINITY } = options;
    const counts = windowMs === undefined && uses !== Number.POSITIVE_INFINITY;
    const repeats = repeatsOf(options);
    if (!(uses >= 1 && (windowMs ?? 0) >= 0))
      throw new RangeError(`ARES: requirePaid() can't count ${uses} uses within ${windowMs} ms.`);
    if (resource !== undefined) namedResource(resource);
    if (!isRequest(from) && (resource === undefined || options.uses !== undefined))
      throw new RangeError(HEADERS_ALONE);
    const request = await afterPrerender(from);
    // A link of another site must not use a charge up. Where nothing is counted, it opens the page. Headers alone count nothing.
    const opensPage = !counts && isFollowedLink(request);
    if (isRequest(from) && !opensPage) checkSite(request, parts);
    // Headers alone count no use. A prerender of Next stops at a random id.
    const by = isRequest(from)
      ? await requestFingerprint(request, readKey(request) ?? newId())
      : "";
    const { userId, mayCharge } = await authenticated(authenticate, request);
    countRequest("reads", userId);

    const inputDigest = (await engine.readInput(usage, input))?.digest;
    const row = await findCharge(request, { userId, usage, resource, inputDigest });
    const wanted = { usage, resource: resource === undefined ? null : normalResource(resource) };
    const isWanted =
      row &&
      row.resource === wanted.resource &&
      (await engine.isFor(row, { ...wanted, inputDigest }));
    if (!isWanted) throw unpaid(wanted, prices);
    if (row.status === "sending" || row.status === "claimed") throw inProgress(row);
    if (row.status === "unknown") throw refuse("outcome_unknown", askAgain(row, 5));
    if (row.status === "declined") throw unpaid(wanted, prices);

    const admitted = (use = noUse) => ({
      paid: {
        charge: receiptOf(usage, { row, replayed: true }),
        userId,
        release: () => use.release(),
      },
      use,
    });
    if (windowMs !== undefined) {
      if (msSinceSettled(row) >= windowMs) throw usedUp(row, prices);
      return admitted();
    }
    if (!counts) return admitted();
    if (mayCharge === false) throw lookOnly();
    if (isPrefetch(request)) throw refuse("not_allowed", {}, { message: PREFETCH });
    if (request.method === "HEAD") {
      if (row.redeemedBy.length >= mostUses(uses, row)) throw usedUp(row, prices);
      return { ...admitted(), workless: true };
    }
    const body = await bodyDigest(request);
    const mine = { by, attempt: newId() };
    const redeem = (more: Omit<Redemption, "by">) =>
      askLedger(() => ledger.redeem(row.id, { ...mine, ...more }));
    const redeemed = await redeem({
      uses: mostUses(uses, row),
      repeats,
      ...(body !== undefined && { body }),
    });
    if (redeemed === "busy") throw inProgress(row);
    if (redeemed === "mismatch") throw otherBody(row);
    const repeated =
      redeemed === "already_by_me" &&
      (resource !== undefined || msSinceSettled(row) < repeatsMs(row, prices));
    if (redeemed !== "ok" && !repeated) throw usedUp(row, prices);
    return admitted(redeemed === "ok" ? createHeldUse(redeem, later) : noUse);
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
