import { isCredits, maxCredits, toHundredths } from "./credits";

/**
 * An idempotency key names one intent and carries its mint time. An old key, which the ledger may have forgotten, is
 * refused by that time. Three forms are accepted: a UUIDv7 in lower case; `<UUIDv7>.<owner>.<hundredths>` (what a page
 * mints); and `<unix milliseconds>-<16 to 64 of A-Za-z0-9_->` (what a shell can mint).
 *
 * @source draft-ietf-httpapi-idempotency-key-header: a server publishes its key format and expiry.
 */
const UUID_V7 = /^([0-9a-f]{8})-([0-9a-f]{4})-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;
const TERMS = /^([^.]*)\.([\w-]{1,64})\.(0|[1-9]\d{0,11})$/;
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

/** What a user agreed to, in the key of their page: who pays, and how much, in whole hundredths of a credit. */
export type KeyTerms =
  | { owner: string; hundredths: number }
  | { owner?: undefined; hundredths?: undefined };

/** A key in its parts; null for a text that is no key. */
function readKey(key: string): { mintedAt: number; terms: KeyTerms } | null {
  const timed = TIMED.exec(key);
  if (timed) return { mintedAt: Number(timed[1]), terms: {} };

  const [, plain = key, owner, price] = TERMS.exec(key) ?? [];
  const uuid = UUID_V7.exec(plain);
  if (!uuid) return null;
  const mintedAt = Number.parseInt(`${uuid[1]}${uuid[2]}`, 16);
  if (owner === undefined) return { mintedAt, terms: {} };
  const hundredths = Number(price);
  if (hundredths > toHundredths(maxCredits)) return null;
  return { mintedAt, terms: { owner, hundredths } };
}

/** The time a key was minted, in milliseconds since 1970, or `null` for a text that is no key. */
export function keyMintedAt(key: string): number | null {
  return readKey(key)?.mintedAt ?? null;
}

/** The owner and the price in a key. A key without terms has neither. */
export function termsOf(key: string): KeyTerms {
  return readKey(key)?.terms ?? {};
}

/**
 * Writes the owner and the agreed price into a minted key. A foreign endpoint may tell an owner or a price that can't stand
 * in a key: the key stays as it is.
 *
 * @example
 * const key = keyWithTerms(mintKey(), { owner: "u4Vh0vHCAzJ0Zq2tCqXlrA", credits: 1.5 }) // "….u4Vh0vHCAzJ0Zq2tCqXlrA.150"
 */
export function keyWithTerms(
  key: string,
  { owner, credits }: { owner: string; credits: number },
): string {
  if (!isCredits(credits)) return key;
  const agreed = `${key}.${owner}.${toHundredths(credits)}`;
  return keyMintedAt(agreed) === null ? key : agreed;
}
