import { digest } from "../../contract";

/** The one spelling of a resource: composed letters (NFC), no outer spaces. */
export function normalResource(resource: string): string {
  return resource.normalize("NFC").trim();
}

/** The id of the row of a key that names no resource. */
function keyId(of: { clientId: string; userId: string; key: string }): Promise<string> {
  return digest(["key", of.clientId, of.userId, of.key]);
}

/**
 * The id of the first row of a resource. All keys, tabs and devices of a user share the row. Each input of a quoted usage
 * has a row of its own.
 */
export function resourceId(of: {
  clientId: string;
  userId: string;
  usage: string;
  resource: string;
  inputDigest?: string | undefined;
}): Promise<string> {
  const { clientId, userId, usage, resource, inputDigest } = of;
  const parts = ["resource", clientId, userId, usage, resource];
  return digest(inputDigest === undefined ? parts : [...parts, inputDigest]);
}

/** The id of an intent's row: the resource names the row, or else the key. */
export function chargeId(of: {
  clientId: string;
  userId: string;
  usage: string;
  resource: string | null;
  inputDigest?: string | undefined;
  key: string;
}): Promise<string> {
  const { resource } = of;
  return resource === null ? keyId(of) : resourceId({ ...of, resource });
}

/** The id of the row after a resource's charge has ended. */
export function nextChargeId(row: { id: string; attempt: string }): Promise<string> {
  return digest(["next", row.id, row.attempt]);
}

/**
 * What an idempotency key stands for. The price is not part of it: a retry after a price change must meet its own row.
 * The digest of a quoted usage's input stands behind a dot. So a row proves its app, and tells the digest.
 */
export async function fingerprint(of: {
  clientId: string;
  usage: string;
  resource: string | null;
  inputDigest?: string | undefined;
}): Promise<string> {
  const base = await (of.resource === null
    ? fingerprintOfUsage(of.clientId, of.usage)
    : digest(["request", of.clientId, of.usage, of.resource]));
  return of.inputDigest === undefined ? base : `${base}.${of.inputDigest}`;
}

const ofUsages = /* @__PURE__ */ new Map<string, Promise<string>>();
/** An app has few usages. A browser may name any, so the digests are limited. */
const MOST_USAGES = 1_000;

function fingerprintOfUsage(clientId: string, usage: string): Promise<string> {
  const name = JSON.stringify([clientId, usage]);
  const made = ofUsages.get(name) ?? digest(["request", clientId, usage, null]);
  if (ofUsages.size >= MOST_USAGES) ofUsages.clear();
  ofUsages.set(name, made);
  return made;
}

/** The digest of the input that a row was charged for; undefined for a usage with a constant price. */
export function inputDigestOf(row: { fingerprint: string }): string | undefined {
  return row.fingerprint.split(".")[1];
}
