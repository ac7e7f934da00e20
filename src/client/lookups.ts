import { type Answer, aresError, isRecord } from "./answer";
import type { ChargeTarget } from "./chargeState";
import { type Query, searchOf } from "./connection";

/** A server takes at most so many look-ups, and letters of an address, in one request. */
const MOST = 100;
const MOST_LETTERS = 3600;

/** The question after a charge of a resource, after the price of an input, or after both. */
export function queryOf({ usage, resource, input }: ChargeTarget): Query {
  const parts = { usage, resource, input: input === undefined ? undefined : JSON.stringify(input) };
  return Object.entries(parts).flatMap(([name, value]) => (value === undefined ? [] : [[name, value]]));
}

interface Waiting {
  asked: Query;
  isWanted: () => boolean;
  tell: (answer: Promise<Answer>) => void;
}

/**
 * Sends the look-ups of one tick together, once an answer has said that the server takes several. An older server reads only
 * the first of several. So the first look-up of a page goes alone, and the others wait for its answer.
 */
export function createLookUps(read: (query: Query) => Promise<Answer>) {
  let waiting: Waiting[] = [];
  /** Undefined until an answer has told. */
  let several: boolean | undefined;

  async function send(all: readonly Waiting[]): Promise<void> {
    const chunk = all.slice(0, several ? countFitting(all) : 1);
    const rest = all.slice(chunk.length);
    const answer = read(chunk.flatMap(({ asked }) => asked)).then((whole) => {
      if (whole.ok) several = whole.body?.lookups === 1;
      return whole;
    });
    chunk.forEach(({ asked, tell }, n) => {
      tell(answer.then((whole) => partOf(whole, n, asked) ?? (n ? read(asked) : whole)));
    });
    if (!rest.length) return;
    const isOwn = several === undefined && (await answer.then(isOfOne, () => false));
    // The same trouble meets every look-up, and each of them asks again by itself.
    if (several === undefined && !isOwn) for (const { tell } of rest) tell(answer);
    else await send(rest);
  }

  function flush(): void {
    const wanted = waiting.filter(({ isWanted, tell }) => isWanted() || void tell(Promise.reject(aresError("network_error"))));
    waiting = [];
    if (wanted.length) void send(wanted);
  }

  return {
    /** Asks one question, unless nobody wants the answer any more when its tick ends. Rejects as `read` does. */
    lookUp: (asked: Query, isWanted: () => boolean): Promise<Answer> =>
      new Promise((tell) => {
        if (!waiting.length) setTimeout(flush);
        waiting.push({ asked, isWanted, tell });
      }),
    /** Takes the server's word from another answer. */
    hear(answer: Answer): void {
      if (answer.body?.lookups === 1) several = true;
    },
  };
}

function countFitting(all: readonly Waiting[]): number {
  let letters = 0;
  const end = all.slice(0, MOST).findIndex(({ asked }, n) => {
    letters += searchOf(asked).length + 1;
    return n > 0 && letters > MOST_LETTERS;
  });
  return end < 0 ? MOST : end;
}

/** True for a refusal that speaks of its own look-up, such as a wrong input. */
const isOfOne = ({ status }: Answer): boolean => status === 400 || status === 422;

/** The answer to one of several look-ups. Undefined unless the answer names the same usage and resource. */
function partOf(whole: Answer, n: number, asked: Query): Answer | undefined {
  if (!whole.ok) return whole;
  const { answers } = whole.body ?? {};
  const part: unknown = Array.isArray(answers) ? answers[n] : undefined;
  const { usage, resource } = Object.fromEntries(asked);
  if (!isRecord(part) || part.usage !== usage || part.resource !== resource) return undefined;
  // A price may be refused beside a charge that was read.
  const refused = part.code !== undefined && !part.charge;
  return { ...whole, ok: !refused, status: refused ? 400 : whole.status, body: { ...whole.body, ...part } };
}
