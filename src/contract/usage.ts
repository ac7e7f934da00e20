import * as z from "zod/mini";

/**
 * The name of a priced thing, as ARES shows it in a line item: 1 to 64 letters, digits, `_ . : -`, single inner spaces.
 *
 * @source ARES partner guide: "must be consistent across usages", e.g. `test-button`, `video generation`.
 */
export const UsageName = z.string().check(z.maxLength(64), z.regex(/^[\w.:-]+(?: [\w.:-]+)*$/));

/** What exactly is paid for: 1 to 200 characters without control characters. Charged once per user, usage and resource. */
export const Resource = z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^[^\p{Cc}\p{Cs}]*$/u));
