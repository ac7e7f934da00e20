import { digest } from "../ledger/digest";
/** The row of one intent: a resource's row is shared by every key, tab and device of its user. */
export function chargeId(of: { clientId: string; userId: string; usage: string; resource: string | null; key: string }): Promise<string> {
  return digest(
    of.resource === null ? ["key", of.clientId, of.userId, of.key] : ["resource", of.clientId, of.userId, of.usage, of.resource],
  );
}

/** The row that follows a charge of a resource whose time is over. */
export function nextChargeId(row: { id: string; attempt: string }): Promise<string> {
  return digest(["next", row.id, row.attempt]);
}

/** What an idempotency key stands for. The user is in the id; the price is not, so a retry after a price change meets its own row. */
export function fingerprint(of: { clientId: string; usage: string; resource: string | null }): Promise<string> {
  return digest(["request", of.clientId, of.usage, of.resource]);
}
