import * as z from "zod/mini";

/** The routes of ARES that a server calls. */
export const AresRoute = z.enum(["user", "usage", "token"]);
export type AresRoute = z.infer<typeof AresRoute>;

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
  /** How long ARES takes before it does its work; for all routes, or for each. */
  latencyMs: z._default(
    z.union([
      milliseconds,
      z.strictObject({
        user: z._default(milliseconds, 0),
        usage: z._default(milliseconds, 0),
        token: z._default(milliseconds, 0),
      }),
    ]),
    0,
  ),
  /** How old the balance is that `GET /v1/user` tells. */
  readLagMs: z._default(milliseconds, 0),
  /** How long an access token lives. ARES's own app counts on 1800 seconds. */
  tokenTtlMs: z._default(z.number().check(z.positive()), 1_800_000),
  /** How long a refresh token lives. ARES's own app counts on a day. */
  refreshTtlMs: z._default(z.number().check(z.positive()), 86_400_000),
  /**
   * Whether a refresh gives a new refresh token and ends the old one. `detects_reuse`: an old one that comes back ends the
   * whole link, as RFC 9700 asks.
   */
  rotation: z._default(z.enum(["on", "off", "detects_reuse"]), "on"),
  /** Whether a code needs its PKCE verifier: checked where a challenge was sent, never looked at, or always asked for. */
  pkce: z._default(z.enum(["honoured", "ignored", "required"]), "honoured"),
  /** Whether a refresh without `redirect_uri` is refused. */
  refreshRedirect: z._default(z.enum(["required", "ignored"]), "required"),
  /** How the token endpoint refuses: with OAuth's codes, with sentences as ARES's API has them, or with a status alone. */
  tokenErrors: z._default(z.enum(["oauth", "sentences", "bare"]), "oauth"),
  /** What tokens come with: everything, the seconds as a text, or nothing but the tokens. */
  tokenBody: z._default(z.enum(["full", "text", "minimal"]), "full"),
});
export type Knobs = z.infer<typeof Knobs>;

/** Some knobs. A missing knob keeps its setting. */
export type KnobSettings = Partial<z.input<typeof Knobs>>;

/** The latency of one route. */
export function latencyOf(knobs: Knobs, route: AresRoute): number {
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
