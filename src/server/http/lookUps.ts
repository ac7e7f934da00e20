import { type AresError, type Charge, fromHundredths, isAresError } from "../../contract";
import { tenAtATime } from "../bounded";
import type { ChargeEngine } from "../charge/chargeEngine";
import type { Input } from "../charge/quotes";
import { chargeState, refusalOf } from "./answers";
import type { LookUpTarget } from "./readQuery";

/** The answer to one look-up. `code` and `message` say why there is no `charge`, or no price. */
export interface LookUpAnswer {
  key?: string;
  usage?: string;
  resource?: string;
  charge?: Charge;
  /** The price of a quoted usage with this input. */
  credits?: number;
  code?: string;
  message?: string;
  /** True when the same look-up may be answered later. */
  retryable?: boolean;
}

export interface LookUpParts {
  engine: ChargeEngine;
  userId: string;
  request: Request;
  onError: (error: unknown) => void;
}

/** Looks up one thing. @throws {AresError} the look-up's refusal */
export async function lookUpOne(parts: LookUpParts, target: LookUpTarget): Promise<LookUpAnswer> {
  const [found = { target }] = await look(parts, [target]);
  if (found.refusal !== undefined && !found.charge) throw found.refusal;
  return answerOf(found, parts.onError);
}

/** Looks up any number of charges and prices together. A look-up that can't be answered does not spoil the others. */
export async function lookUpAll(
  parts: LookUpParts,
  targets: readonly (LookUpTarget | AresError)[],
): Promise<LookUpAnswer[]> {
  const found = await look(parts, targets);
  return found.map((each) => answerOf(each, parts.onError));
}

interface Found {
  /** Undefined for a member of the list that is no look-up. */
  target?: LookUpTarget;
  charge?: Charge;
  hundredths?: number;
  refusal?: unknown;
}

type Sound = { target: LookUpTarget; input: Input | undefined };

/**
 * Reads everything that is asked. One round trip to the ledger finds the rows of all resources. Paid times that are over need
 * two more. Keys are found, and expired claims revoked, ten at a time.
 */
async function look(
  { engine, userId, request }: LookUpParts,
  all: readonly (LookUpTarget | AresError)[],
): Promise<Found[]> {
  const members = await Promise.all(all.map(readInput));
  const sound = members.flatMap((each) => ("input" in each ? [each] : []));
  const prices = new Map(sound.map((each) => [each, priceOf(each)]));
  const charges = new Map([...(await chargesOfResources(sound)), ...(await chargesOfKeys(sound))]);

  return Promise.all(
    members.map(async (each): Promise<Found> => {
      if (!("input" in each)) return each;
      return { target: each.target, ...(await prices.get(each)), ...charges.get(each) };
    }),
  );

  async function readInput(each: LookUpTarget | AresError): Promise<Sound | Found> {
    if (isAresError(each)) return { refusal: each };
    if ("key" in each) return { target: each, input: undefined };
    return engine.readInput(each.usage, each.input).then(
      (input) => ({ target: each, input }),
      (refusal: unknown) => ({ target: each, refusal }),
    );
  }

  async function priceOf({ target, input }: Sound): Promise<Found> {
    if ("key" in target || !input) return {};
    return engine.priceNow(target.usage, input, { userId, request }).then(
      (hundredths) => ({ hundredths }),
      (refusal: unknown) => ({ refusal }),
    );
  }

  async function chargesOfResources(sound: readonly Sound[]): Promise<(readonly [Sound, Found])[]> {
    const named = sound.flatMap((each) => {
      const { target, input } = each;
      if ("key" in target || target.resource === undefined) return [];
      return [
        {
          each,
          of: { usage: target.usage, resource: target.resource, inputDigest: input?.digest },
        },
      ];
    });
    if (named.length === 0) return [];
    const rows = await engine.findAll(
      userId,
      named.map(({ of }) => of),
    );
    return named.map(({ each }, n) => [each, { charge: chargeState(rows[n] ?? null) }]);
  }

  async function chargesOfKeys(sound: readonly Sound[]): Promise<(readonly [Sound, Found])[]> {
    const keyed = sound.flatMap((each) =>
      "key" in each.target ? [{ each, key: each.target.key }] : [],
    );
    return tenAtATime(
      keyed,
      async ({ each, key }): Promise<[Sound, Found]> => [each, { charge: await chargeOf(key) }],
    );
  }

  async function chargeOf(key: string): Promise<Charge> {
    const row = await engine.findByKey(userId, key);
    if (!row && (await engine.mayHaveForgotten(key))) return { status: "unknown" };
    return { ...chargeState(row), ...(row && engine.workOf(row)) };
  }
}

function answerOf(
  { target, charge, hundredths, refusal }: Found,
  onError: (error: unknown) => void,
): LookUpAnswer {
  const error = refusal === undefined ? undefined : refusalOf(refusal, onError);
  return {
    ...namesOf(target),
    ...(charge && { charge }),
    ...(hundredths !== undefined && { credits: fromHundredths(hundredths) }),
    ...(error && { code: error.code, message: error.message }),
    ...(error?.retryable && { retryable: true }),
  };
}

/** The names by which a page knows the answer to its look-up. The input is not repeated. */
function namesOf(
  target: LookUpTarget | undefined,
): Pick<LookUpAnswer, "key" | "usage" | "resource"> {
  if (!target || "key" in target) return { ...target };
  const { usage, resource } = target;
  return { usage, ...(resource !== undefined && { resource }) };
}
