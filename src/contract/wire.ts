import * as z from "zod/mini";
import { isCredits } from "./credits";

/**
 * What became of the work of a charge: `none` has not begun, was given back, or its server died; `ended` may be repeated while
 * `repeatsLeft`.
 */
export type ChargeWork = "none" | "running" | "ended";

/** The states of a charge in the ledger. */
export type ChargeStatus = "claimed" | "sending" | "charged" | "declined" | "unknown";

/**
 * A charge as its own user may see it. `status` is `absent` when there is none.
 *
 * Times are milliseconds since 1970 on the ledger's clock; `credits` is the price at the time of the charge.
 */
export interface Charge {
  status: "absent" | ChargeStatus;
  id?: string | undefined;
  /** The idempotency key that paid. Another key that meets the row paid nothing. */
  key?: string | undefined;
  usage?: string | undefined;
  resource?: string | undefined;
  credits?: number | undefined;
  createdAt?: number | undefined;
  settledAt?: number | undefined;
  code?: string | undefined;
  /** Of a charged charge that was asked for by its key, where the ledger tells. */
  work?: ChargeWork | undefined;
  /** How often the same request is served again without paying. Comes with `ended`. */
  repeatsLeft?: number | undefined;
  /** When `ares.charge` gives this charge for the last time. */
  servedUntil?: number | undefined;
  [more: string]: unknown;
}

// The types stand apart from the schemas, so that an app's compiler reads no zod for a gate.
export const chargeStatus = /* @__PURE__ */ (() =>
  z.enum(["claimed", "sending", "charged", "declined", "unknown"]))();

export const chargeSchema = /* @__PURE__ */ (() =>
  z.looseObject({
    status: z.union([z.literal("absent"), chargeStatus]),
    id: z.optional(z.string()),
    key: z.optional(z.string()),
    usage: z.optional(z.string()),
    resource: z.optional(z.string()),
    credits: z.optional(z.number()),
    createdAt: z.optional(z.number()),
    settledAt: z.optional(z.number()),
    code: z.optional(z.string()),
    work: z.optional(z.enum(["none", "running", "ended"])),
    repeatsLeft: z.optional(z.number().check(z.int(), z.nonnegative())),
    servedUntil: z.optional(z.number()),
  }))();

/**
 * The body of `GET`: the user's account, credits, and the app's prices. Extra members of ARES are kept.
 * `owner` is an opaque digest of the signed-in user; every GET tells it. `prices` are the constant ones; `quoted` names the
 * usages with a computed price.
 */
export const UserAnswer = /* @__PURE__ */ (() =>
  z.looseObject({
    user: z.looseObject({
      id: z.optional(z.string()),
      email: z.optional(z.string()),
      credits: z.number(),
    }),
    prices: z.optional(z.record(z.string(), z.number())),
    quoted: z.optional(z.array(z.string())),
    owner: z.optional(z.string()),
    serverTime: z.optional(z.number()),
    contract: z.optional(z.number()),
  }))();
export type UserAnswer = z.infer<typeof UserAnswer>;

/** The body of `GET ?charge=…` and `GET ?usage=…&resource=…`. */
export const ChargeStateAnswer = /* @__PURE__ */ (() =>
  z.looseObject({
    charge: chargeSchema,
    owner: z.optional(z.string()),
    serverTime: z.optional(z.number()),
    contract: z.optional(z.number()),
  }))();
export type ChargeStateAnswer = z.infer<typeof ChargeStateAnswer>;

/**
 * The body of `GET ?lookups=…`. `answers` has a member for each look-up, in their order. `code` and `message` of a member say
 * why the look-up can't be answered. To `?charge=…` and `?usage=…`, `answers` has one member, and its `charge` stands at the top too.
 */
export const LookUpsAnswer = /* @__PURE__ */ (() =>
  z.looseObject({
    charge: z.optional(chargeSchema),
    answers: z.array(
      z.looseObject({
        key: z.optional(z.string()),
        usage: z.optional(z.string()),
        resource: z.optional(z.string()),
        charge: z.optional(chargeSchema),
        credits: z.optional(z.number()),
        code: z.optional(z.string()),
        message: z.optional(z.string()),
        retryable: z.optional(z.boolean()),
      }),
    ),
    owner: z.optional(z.string()),
    serverTime: z.optional(z.number()),
    contract: z.optional(z.number()),
  }))();
export type LookUpsAnswer = z.infer<typeof LookUpsAnswer>;

/** The body of `GET ?charges=recent`: the user's own charges in this app, newest first, at most 100. */
export const ChargesAnswer = /* @__PURE__ */ (() =>
  z.looseObject({
    charges: z.array(chargeSchema),
    owner: z.optional(z.string()),
    serverTime: z.optional(z.number()),
    contract: z.optional(z.number()),
  }))();
export type ChargesAnswer = z.infer<typeof ChargesAnswer>;

/**
 * The body of a `POST` that charged. The guide's own route answers with `message` and `usage` only.
 * `user.credits` is the balance after the charge, where ARES told it.
 */
export const ChargeAnswer = /* @__PURE__ */ (() =>
  z.looseObject({
    message: z.optional(z.string()),
    status: z.optional(z.literal("charged")),
    charge: z.optional(chargeSchema),
    usage: z.optional(z.unknown()),
    contract: z.optional(z.number()),
    error: z.optional(z.unknown()),
    user: z.optional(z.looseObject({ credits: z.number() })),
  }))();
export type ChargeAnswer = z.infer<typeof ChargeAnswer>;

/** The body of every refusal of this kit's handler (RFC 9457); the guide's route sends `error` or `message` alone. */
export const Problem = /* @__PURE__ */ (() =>
  z.looseObject({
    code: z.optional(z.string()),
    message: z.optional(z.string()),
    error: z.optional(z.string()),
    retryable: z.optional(z.boolean()),
    usage: z.optional(z.string()),
    resource: z.optional(z.string()),
    credits: z.optional(z.number()),
    retryAfterSeconds: z.optional(z.number()),
    chargeId: z.optional(z.string()),
    prices: z.optional(z.record(z.string(), z.number())),
    serverTime: z.optional(z.number()),
    contract: z.optional(z.number()),
  }))();
export type Problem = z.infer<typeof Problem>;

/**
 * The name of a priced thing, as ARES shows it in a line item: 1 to 64 letters, digits, `_ . : -`, single inner spaces.
 *
 * @source ARES partner guide: "must be consistent across usages", e.g. `test-button`, `video generation`.
 */
export const UsageName = /* @__PURE__ */ (() =>
  z.string().check(z.maxLength(64), z.regex(/^[\w.:-]+(?: [\w.:-]+)*$/)))();

/** What exactly is paid for: 1 to 200 characters without control characters. Charged once per user, usage and resource. */
export const Resource = /* @__PURE__ */ (() =>
  z.string().check(z.minLength(1), z.maxLength(200), z.regex(/^(?=.*\S)[^\p{Cc}\p{Cs}]*$/u)))();

/**
 * The body of `POST`. `input` is the input of a quoted usage. `credits` says only what the user was shown; `client_id` only what the caller believes.
 * `owner` is the user that the page shows: another signed-in user is `other_user`.
 * The server's own price and client id are what is charged.
 */
export const ChargeRequest = /* @__PURE__ */ (() =>
  z.object({
    usage: UsageName,
    resource: z.optional(Resource),
    input: z.optional(z.unknown()),
    credits: z.optional(z.number().check(z.refine(isCredits))),
    client_id: z.optional(z.string().check(z.minLength(1), z.maxLength(200))),
    owner: z.optional(z.string().check(z.minLength(1), z.maxLength(64))),
  }))();

export type ChargeRequest = z.infer<typeof ChargeRequest>;
