import type { InputOf, NeedsInput } from "../../contract";

/**
 * Tells TypeScript the app's prices, so that usage names are checked everywhere.
 *
 * @example
 * declare module "ares-react" {
 *   interface Register { prices: typeof prices }
 * }
 */
// biome-ignore lint/suspicious/noEmptyInterface: apps fill it by declaration merging.
export interface Register {}

/** The app's usage names: a union once `Register` knows the prices, any text before. */
export type Usage = Register extends { prices: infer P } ? Extract<keyof P, string> : string;

/** The input of a usage with a quoted price, as its schema takes it. Any JSON before `Register` knows the prices. */
export type UsageInput<U extends Usage = Usage> = Register extends { prices: infer P }
  ? U extends keyof P
    ? InputOf<P, U>
    : never
  : unknown;

/** A usage together with its input: a usage with a quoted price needs one, and no other usage takes one. */
export type UsageAndInput = Register extends { prices: infer P }
  ? {
      [U in Extract<keyof P, string>]: { usage: U; input?: InputOf<P, U> } & NeedsInput<P, U>;
    }[Extract<keyof P, string>]
  : { usage: string; input?: unknown };
