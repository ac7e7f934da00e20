import { need } from "../../contract";
import type { Claim, ClaimLimit, ClaimWithin, Ledger } from "../ledger/ledger";

/** The ledger's `claim`, under the limit on new charges. */
export type ClaimRow = (id: string, claim: Claim) => Promise<ClaimWithin>;

/**
 * Claims rows, and adds none above the limit. The ledger counts in the claim itself, so all servers that share it count together.
 *
 * @throws {AresError} `invalid_request` at start-up when the ledger can't count.
 */
export function createClaim(most: ClaimLimit | undefined, ledger: Ledger): ClaimRow {
  if (!most) return (id, claim) => ledger.claim(id, claim);
  const { claimWithin } = ledger;
  need(
    claimWithin,
    "The ledger has no claimWithin(), and chargesOnAllServers in rateLimit needs it to count. Write it as Ledger describes it, or remove chargesOnAllServers.",
  );
  return (id, claim) => claimWithin.call(ledger, id, { ...claim, most });
}
