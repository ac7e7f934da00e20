import { digest } from "../../contract";

/** The one spelling of a resource: composed letters (NFC), no outer spaces. */
export function normalResource(resource: string): string {
  return resource.normalize("NFC").trim();
}

/** The id of an intent's row. All keys, tabs and devices of a user share the row of a resource. */
export function chargeId(of: { clientId: string; userId: string; usage: string; resource: string | null; key: string }): Promise<string> {
  return digest(
    of.resource === null ? ["key", of.clientId, of.userId, of.key] : ["resource", of.clientId, of.userId, of.usage, of.resource],
  );
}

/** The id of the row after a resource's charge has ended. */
export function nextChargeId(row: { id: string; attempt: string }): Promise<string> {
  return digest(["next", row.id, row.attempt]);
}

/** What an idempotency key stands for. The price is not part of it: a retry after a price change must meet its own row. */
export function fingerprint(of: { clientId: string; usage: string; resource: string | null }): Promise<string> {
  return digest(["request", of.clientId, of.usage, of.resource]);
}
