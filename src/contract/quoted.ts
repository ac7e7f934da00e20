/**
 * The part of a Standard Schema that is used. Schemas of zod, valibot, arktype and others have it.
 *
 * @source https://standardschema.dev, version 1
 */
export interface StandardSchemaV1<Input = unknown, Output = Input> {
  readonly "~standard": {
    readonly version: 1;
    readonly vendor: string;
    readonly validate: (value: unknown) => StandardResult<Output> | Promise<StandardResult<Output>>;
    readonly types?: { readonly input: Input; readonly output: Output } | undefined;
  };
}

type StandardResult<Output> =
  | { readonly value: Output; readonly issues?: undefined }
  | { readonly issues: readonly { readonly message: string }[] };

/** What a caller gives to a schema. */
type GivenTo<S> = S extends {
  readonly "~standard": { readonly types?: { readonly input: infer I } | undefined };
}
  ? I
  : never;
/** What a schema makes of it. */
type MadeBy<S> = S extends {
  readonly "~standard": { readonly types?: { readonly output: infer O } | undefined };
}
  ? O
  : never;

/** How long a charge counts. */
export interface PriceTerms {
  /**
   * How long a charged `resource` stays paid, in milliseconds.
   * @default Infinity
   */
  keepMs?: number;
}

/** Who asks for a price. */
export interface QuoteContext {
  userId: string;
  /** The request that asks or charges. Read its headers only: the body may have been read. */
  request: Request;
}

/** A price that the server computes from an input; see `quoted`. */
export interface QuotedPrice<S extends StandardSchemaV1 = StandardSchemaV1> extends PriceTerms {
  /** Checks the input before the price is computed. The schema of every library that keeps to Standard Schema fits. */
  readonly input: S;
  /** Computes the price in credits, within 5 seconds. 0 charges nothing and opens all the same. */
  credits(input: MadeBy<S>, context: QuoteContext): number | Promise<number>;
  /** The highest price. A higher price is more likely a mistake, and is refused. @default 10000 */
  maxCredits?: number;
}

/** The highest computed price where an app names none, in credits. */
export const maxQuotedCredits = 10_000;

/**
 * Declares a price that follows from an `input`: pages, seconds, tokens.
 *
 * The server computes the price when a page asks for it, and again when the user is charged. Another price than the user
 * saw is `price_changed`. The price is rounded up to the next hundredth of a credit.
 *
 * A charge counts for its own input only. Send sizes, not texts: the input of a question stands in the address of a GET.
 *
 * @example
 * export const prices = definePrices({
 *   render: quoted({ input: z.object({ pages: z.int() }), credits: ({ pages }) => pages * 0.1 }),
 * });
 */
export function quoted<S extends StandardSchemaV1>(price: QuotedPrice<S>): QuotedPrice<S> {
  return price;
}

/** The input of a usage, as a caller gives it. Undefined for a usage with a constant price. */
export type InputOf<P, U extends keyof P> = {
  [Name in keyof P]: string extends Name
    ? unknown
    : P[Name] extends { readonly input: infer S }
      ? GivenTo<S>
      : undefined;
}[U];

/** The member `input` of a call: needed for a usage with a quoted price, refused for every other. */
export type NeedsInput<P, U extends keyof P> = {
  [Name in keyof P]: string extends Name
    ? { input?: unknown }
    : P[Name] extends { readonly input: unknown }
      ? { input: unknown }
      : { input?: undefined };
}[U];
