import {
  type LookUp,
  lookUpsLength,
  lookUpsParameter,
  maxLookUps,
  maxLookUpsLength,
} from "../contract";
import { type Answer, aresError, errorOf, isRecord, numberOf } from "./answer";
import type { ChargeTarget } from "./chargeState";
import type { Query } from "./connection";
import type { AresClient } from "./createAresClient";
import { onePerClient } from "./onePerClient";

/** The question after a charge of a resource, after the price of an input, or after both. */
export function lookUpOf({ usage, resource, input }: ChargeTarget): LookUp {
  return [usage, resource ?? null, input ?? null];
}

interface Waiting {
  asked: LookUp;
  isWanted: () => boolean;
  tell: (answer: Promise<Answer>) => void;
}

/** Refusals that may be meant for the whole list, its length or one of its members: each look-up is then asked alone, once. */
const REFUSES_LISTS: readonly number[] = [400, 413, 414, 422, 431];

export interface LookUps {
  /** Asks one question, unless nobody wants the answer any more when its tick ends. Rejects as `read` does. */
  lookUp(asked: LookUp, isWanted: () => boolean): Promise<Answer>;
}

/** The look-ups of a user on this page, of charges and of prices. */
export const lookUpsOf = /* @__PURE__ */ onePerClient((client) => createLookUps(client.read));

/** Asks the server for the price of an input, in credits. Questions of one tick travel together. @throws {AresError} */
export async function quote(
  client: AresClient,
  of: { usage: string; input: unknown },
): Promise<number> {
  const answer = await lookUpsOf(client).lookUp(lookUpOf(of), () => client.live);
  const credits = numberOf(answer.body?.credits);
  if (!answer.ok || credits === undefined) throw errorOf(answer);
  return credits;
}

/** Sends the look-ups of one tick together. */
export function createLookUps(read: (query: Query) => Promise<Answer>): LookUps {
  let waiting: Waiting[] = [];

  async function ask(list: readonly Waiting[]): Promise<Answer> {
    return read([[lookUpsParameter, JSON.stringify(list.map(({ asked }) => asked))]]);
  }

  function send(list: readonly Waiting[]): void {
    const answer = ask(list);
    list.forEach((each, place) => {
      each.tell(answer.then((whole) => pick(whole, list, place, each)));
    });
  }

  async function pick(
    whole: Answer,
    list: readonly Waiting[],
    place: number,
    each: Waiting,
  ): Promise<Answer> {
    const part = partOf(whole, place, each.asked);
    const refusesList = !whole.ok && REFUSES_LISTS.includes(whole.status);
    const isTold = part !== undefined && !refusesList;
    if (list.length > 1 && !isTold) return pick(await ask([each]), [each], 0, each);
    if (part) return part;
    throw aresError("unexpected_response");
  }

  function flush(): void {
    const wanted = waiting.filter(({ isWanted }) => isWanted());
    for (const unwanted of waiting.filter((each) => !wanted.includes(each)))
      unwanted.tell(Promise.reject(aresError("network_error")));
    waiting = [];
    for (const list of fitting(wanted)) send(list);
  }

  return {
    lookUp: (asked, isWanted) =>
      new Promise((tell) => {
        if (!waiting.length) setTimeout(flush);
        waiting.push({ asked, isWanted, tell });
      }),
  };
}

/** Cuts into lists that fit into one request each. */
function fitting(all: readonly Waiting[]): Waiting[][] {
  const lists: Waiting[][] = [];
  let length = Infinity;
  for (const each of all) {
    // As the only member of a list it is a little longer than as one of many.
    const own = lookUpsLength([each.asked]);
    const last = lists.at(-1);
    if (last && last.length < maxLookUps && length + own <= maxLookUpsLength) {
      last.push(each);
      length += own;
    } else {
      lists.push([each]);
      length = own;
    }
  }
  return lists;
}

/** The answer to one of several look-ups. Undefined where the list's answer does not tell it. */
function partOf(whole: Answer, place: number, asked: LookUp): Answer | undefined {
  // The guide's route knows no look-ups, and answers with the user.
  if (!whole.ok || !whole.contract) return whole;
  const { answers } = whole.body ?? {};
  const part: unknown = Array.isArray(answers) ? answers[place] : undefined;
  if (!isRecord(part)) return undefined;
  const body = { ...whole.body, charge: null, ...part };
  // A price may be refused beside a charge that was read.
  const isRefused = part.code !== undefined && !part.charge;
  if (isRefused) return { ...whole, ok: false, status: part.retryable === true ? 503 : 400, body };
  return isAnswerTo(asked, part) ? { ...whole, body } : undefined;
}

function isAnswerTo(asked: LookUp, part: Readonly<Record<string, unknown>>): boolean {
  if (asked.length === 1) return part.key === asked[0];
  const [usage, resource] = asked;
  return part.usage === usage && (part.resource ?? null) === resource;
}
