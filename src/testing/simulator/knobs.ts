import * as z from "zod/mini";

const milliseconds = z.number().check(z.minimum(0), z.maximum(10 * 60 * 1000));

/**
 * Facts that ARES does not document, as settings. The defaults follow ARES's documentation. An app that works under
 * every setting works with every possible ARES.
 */
export const Knobs = z.strictObject({
  /** The status that says "too few credits". ARES documents only that the answer is an error. */
  insufficientStatus: z._default(z.literal([400, 402, 403, 409]), 402),
  /** The `error` text that goes with it. */
  insufficientText: z._default(z.string(), "Insufficient credits"),
  /** What a charge answers: the message, with a `usage` object (documented), or with the new `user.credits` too. */
  usageBody: z._default(z.enum(["minimal", "usage", "balance"]), "usage"),
  /** Where the profile is: nested (documented), nested and flat, or nested with a third decimal in `credits`. */
  userShape: z._default(z.enum(["nested", "flat", "fractional"]), "nested"),
  /** An expired token is 403 "Token expired" (newer pages) or 401 "Invalid token" (older ones). */
  expiredAs: z._default(z.literal([401, 403]), 403),
  /** Which amounts may be charged: whole credits, two decimals, or any, rounded up to the next hundredth. */
  fractions: z._default(z.enum(["int", "0.01", "any"]), "0.01"),
  /** Amounts of zero or less: refused with 400, or obeyed, so that a negative one adds credits. */
  nonPositiveCredits: z._default(z.enum(["refuse", "accept"]), "refuse"),
  /** The status for a client id that is not among `clients`; `accept` charges all the same. */
  unknownClient: z._default(z.literal([400, 401, 403, 404, "accept"]), 400),
  /** How long ARES takes before it does its work; for both routes, or for each. */
  latencyMs: z._default(
    z.union([
      milliseconds,
      z.strictObject({ user: z._default(milliseconds, 0), usage: z._default(milliseconds, 0) }),
    ]),
    0,
  ),
  /** How old the balance is that `GET /v1/user` tells. */
  readLagMs: z._default(milliseconds, 0),
  /** How long an access token lives. ARES's own app counts on 1800 seconds. */
  tokenTtlMs: z._default(z.number().check(z.positive()), 1_800_000),
});
export type Knobs = z.infer<typeof Knobs>;

/** Some knobs. A missing knob keeps its setting. */
export type KnobSettings = Partial<z.input<typeof Knobs>>;

/** The latency of one route. */
export function latencyOf(knobs: Knobs, route: "user" | "usage"): number {
  return typeof knobs.latencyMs === "number" ? knobs.latencyMs : knobs.latencyMs[route];
}

/** Reads settings. A missing knob gets its default. @throws an error that names the wrong setting. */
export function readKnobs(settings: KnobSettings): Knobs {
  const knobs = Knobs.safeParse(settings);
  if (knobs.success) return knobs.data;
  const wrong = knobs.error.issues.flatMap((issue) =>
    issue.code === "unrecognized_keys" ? issue.keys : [issue.path.join(".")],
  );
  throw new Error(
    `The simulator can't be set like this: ${wrong.join(", ")}. It kept its settings. It knows ${Object.keys(Knobs.shape).join(", ")}.`,
  );
}
