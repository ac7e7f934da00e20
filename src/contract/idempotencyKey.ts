/**
 * An idempotency key names one intent and carries its mint time. An old key, which the ledger may have forgotten, is
 * refused by that time. Two forms are accepted: a UUIDv7 in lower case (what the client mints) and
 * `<unix milliseconds>-<16 to 64 of A-Za-z0-9_->` (what a shell can mint).
 *
 * @source draft-ietf-httpapi-idempotency-key-header: a server publishes its key format and expiry.
 */
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TIMED = /^(\d{13})-[\w-]{16,64}$/;

/** How long a key may be used after it was minted, in milliseconds. Ledger rows live longer. */
export const maxKeyAgeMs = 24 * 60 * 60 * 1000;

/**
 * Mints a key for one intent: a UUIDv7. `now` is in milliseconds since 1970.
 *
 * @example
 * const key = mintKey()
 */
export function mintKey(
  now: number = Date.now(),
  random: Uint8Array = crypto.getRandomValues(new Uint8Array(9)),
): string {
  const time = Math.floor(now).toString(16).padStart(12, "0");
  const chance = Array.from(random, (byte) => byte.toString(16).padStart(2, "0")).join("");
  // 7 is the version; 8 is the variant, whose two free bits are left 0.
  return `${time.slice(0, 8)}-${time.slice(8)}-7${chance.slice(0, 3)}-8${chance.slice(3, 6)}-${chance.slice(6, 18)}`;
}

/** The time a key was minted, in milliseconds since 1970, or `null` for a text that is no key. */
export function keyMintedAt(key: string): number | null {
  const uuid = UUID_V7.exec(key);
  if (uuid) return Number.parseInt(`${uuid[1]}${uuid[2]}`, 16);
  const timed = TIMED.exec(key);
  return timed ? Number(timed[1]) : null;
}
