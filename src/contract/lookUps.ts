/**
 * One question of a GET: after the charge of a key; or after the charge of a resource, the price of an input, or both.
 * `resource` and `input` are null where there is none.
 */
export type LookUp =
  | readonly [key: string]
  | readonly [usage: string, resource: string | null, input: unknown];

/**
 * All look-ups of a GET travel in one parameter, as a JSON list. Repeated parameters lose their order on the way: Next.js
 * groups them by name, and caches sort them.
 */
export const lookUpsParameter = "lookups";

/** The most look-ups of one GET. */
export const maxLookUps = 100;

/** The longest list of look-ups, in characters as it stands in an address. */
export const maxLookUpsLength = 3600;

/** The length of a list of look-ups as it stands in an address. How a server or a cache wrote it again does not count. */
export function lookUpsLength(lookUps: unknown): number {
  return String(new URLSearchParams([["", JSON.stringify(lookUps)]])).length - "=".length;
}
