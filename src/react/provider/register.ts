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
