import {
  type AresError,
  bytesOf,
  ceilHundredths,
  inputDigest,
  inputText,
  listedPrice,
  maxInputBytes,
  maxQuotedCredits,
  type Prices,
  type QuoteContext,
  type QuotedPrice,
  toHundredths,
} from "../../contract";
import { within } from "../bounded";
import { inDevelopment } from "../development";
import { refuse } from "../refusals";

/** The input of a quoted usage: its one text, which is priced and never stored, and its digest, which names the row. */
export interface Input {
  text: string;
  digest: string;
}

export interface Quotes {
  /**
   * Reads the input of a usage; undefined where the usage takes none. The schema has not checked the input yet.
   *
   * @throws {AresError} `invalid_request` for a missing, superfluous or overlong input, and for one that is no plain JSON.
   */
  readInput(usage: string, input: unknown): Promise<Input | undefined>;
  /**
   * The price of a usage now, in whole hundredths.
   *
   * @throws {AresError} `unknown_usage`; `invalid_request` for an input without a price; `price_unavailable`
   */
  priceNow(usage: string, input: Input | undefined, context: QuoteContext): Promise<number>;
}

/** A price function may ask a database. A charge must be sent soon after its request, so no function gets more time. */
const PRICE_MS = 5_000;

/** Builds the reading of inputs and the computing of prices. */
export function createQuotes(prices: Prices): Quotes {
  return {
    async readInput(usage, input) {
      const price = listedPrice(prices, usage);
      if (input === undefined) {
        if (price?.quote) throw refuse("invalid_request", { usage }, { message: NO_INPUT });
        return undefined;
      }
      if (price && !price.quote)
        throw refuse("invalid_request", { usage }, { message: NOT_QUOTED });
      const text = inputText(input);
      if (text === undefined || bytesOf(text) > maxInputBytes)
        throw refuse("invalid_request", { usage }, { message: NOT_PLAIN });
      return { text, digest: await inputDigest(text) };
    },

    async priceNow(usage, input, context) {
      const price = listedPrice(prices, usage);
      if (!price) throw unknownUsage(usage, prices);
      if (!price.quote) return toHundredths(price.credits);
      if (!input) throw refuse("invalid_request", { usage }, { message: NO_INPUT });
      const { maxCredits = maxQuotedCredits } = price.quote;
      const credits = await compute(price.quote, usage, input, context);
      const hundredths = ceilHundredths(credits, maxCredits);
      if (hundredths !== undefined) return hundredths;
      const given = typeof credits === "number" ? credits : typeof credits;
      const cause = new Error(
        `ARES: the price of "${usage}" came out as ${given}. Return a number from 0 to maxCredits, ${maxCredits}.`,
      );
      throw refuse("invalid_request", { usage }, { message: NO_PRICE, cause });
    },
  };
}

/** Checks the input by its schema, then computes the price. Both together are limited in time. */
async function compute(
  quote: QuotedPrice,
  usage: string,
  { text }: Input,
  context: QuoteContext,
): Promise<unknown> {
  async function checkAndCompute() {
    // The schema may change what it is given, so it gets a value of its own.
    const checked = await quote.input["~standard"].validate(JSON.parse(text));
    return checked.issues ? null : { credits: await quote.credits(checked.value, context) };
  }
  const computed = await within(PRICE_MS, checkAndCompute()).catch((cause: unknown) => {
    throw refuse("price_unavailable", { usage }, { cause });
  });
  if (!computed) throw refuse("invalid_request", { usage }, { message: NOT_VALID });
  return computed.credits;
}

function unknownUsage(usage: string, prices: Prices): AresError {
  const quotedName = (name: string) => `"${name}"`;
  const unknown = `This app has no price for the usage ${quotedName(usage)}. Nothing was charged.`;
  const known = ` It has prices for ${Object.keys(prices).map(quotedName).join(", ")}.`;
  return refuse(
    "unknown_usage",
    { usage },
    { message: inDevelopment() ? unknown + known : unknown },
  );
}

const NO_INPUT =
  "The price of this usage follows from an input, and there is none. Nothing was charged. Send the input.";
const NOT_QUOTED =
  "The price of this usage follows from no input, and there is one. Nothing was charged. Leave input out.";
const NOT_PLAIN =
  "The input is no plain JSON, or is longer than 2 KiB. Nothing was charged. Send a small JSON value.";
const NOT_VALID = "The input is not what this usage takes. Nothing was charged. Correct the input.";
const NO_PRICE = "This input has no price that can be charged. Nothing was charged.";
