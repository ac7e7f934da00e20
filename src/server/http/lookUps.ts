import { type Charge, fromHundredths } from "../../contract";
import type { ChargeEngine } from "../charge/chargeEngine";
import type { Input } from "../charge/quotes";
import { refuse } from "../refusals";
import { chargeState, refusalOf } from "./answers";
import { type Asked, HOW, isLookUp } from "./readQuery";
import { parseJson } from "./readRequest";

/** The answer to one look-up. `code` and `message` say why there is no `charge`, or no price. */
interface LookUp extends Pick<Asked, "usage" | "resource"> {
  charge?: Charge;
  /** The price of a quoted usage with this input. */
  credits?: number;
  code?: string;
  message?: string;
  /** True when the same look-up may be answered later. */
  retryable?: boolean;
}

/** The body of a GET with look-ups. `charge` is the first one's, for pages that ask for one and read no `answers`. */
export interface LookUps {
  charge?: Charge | undefined;
  answers: LookUp[];
}

export interface LookUpParts {
  engine: ChargeEngine;
  userId: string;
  request: Request;
  onError: (error: unknown) => void;
}

/** What was read, or computed, or the refusal. */
type Tried<T> = { done: T; refusal?: undefined } | { done?: undefined; refusal: unknown };

async function tried<T>(work: Promise<T>): Promise<Tried<T>> {
  return work.then(
    (done) => ({ done }),
    (refusal: unknown) => ({ refusal }),
  );
}

/**
 * Looks up any number of charges and prices together. One round trip to the ledger finds all rows. Paid times
 * that are over need two more. An expired claim is revoked by one more, ten at a time.
 *
 * A look-up that can't be answered does not spoil the others; a single one is refused.
 */
export async function lookUp({ engine, userId, request, onError }: LookUpParts, asked: readonly Asked[]): Promise<LookUps> {
  async function read(each: Asked): Promise<Input | undefined> {
    if (!isLookUp(each)) throw refuse("invalid_request", {}, { message: HOW });
    return engine.readInput(each.usage, each.input === undefined ? undefined : parseJson(each.input));
  }

  const looks = await Promise.all(asked.map(async (each) => ({ ...each, input: await tried(read(each)) })));
  const named = looks.flatMap(({ usage, resource, input: { done, refusal } }) =>
    resource === undefined || refusal ? [] : [{ usage, resource, inputDigest: done?.digest }],
  );
  const prices = looks.map(async ({ usage, input: { done } }) => done && tried(engine.priceNow(usage, done, { userId, request })));
  const states = (await engine.findAll(userId, named)).map(chargeState);

  const answers: LookUp[] = [];
  for (const [n, { usage, resource, input }] of looks.entries()) {
    const charge = resource === undefined || input.refusal ? undefined : states.shift();
    const price = await prices[n];
    const refusal = input.refusal ?? price?.refusal;
    if (refusal && !charge && looks.length === 1) throw refusal;
    const error = refusal === undefined ? undefined : refusalOf(refusal, onError);
    answers.push({
      usage,
      ...(resource !== undefined && { resource }),
      ...(charge && { charge }),
      ...(price?.done !== undefined && { credits: fromHundredths(price.done) }),
      ...(error && { code: error.code, message: error.message, ...(error.retryable && { retryable: true }) }),
    });
  }
  return { charge: answers[0]?.charge, answers };
}
