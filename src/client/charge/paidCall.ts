import { type AresErrorCode, headers, isAresError, isErrorCode, meaningOf } from "../../contract";
import { aresError, type Body, detailsOf, isRecord, textOf } from "../answer";
import type { Told } from "./states";

/** One call of the app's own, which pays under a key. Its result may be taken once for each caller. */
export interface PaidCall<R = unknown> {
  /** Sends the call. Never rejects. */
  send(key: string): Promise<Told>;
  /** Resolves once the result may be taken, perhaps before its body has come. Rejects with what a framework navigates by. */
  early: Promise<void>;
  /** What the call gave. */
  result(): R | undefined;
  /** What the call gave, for one more caller: another copy of a `Response`, whose body is read once. */
  take(): R;
}

/** What a call gives when it is not refused: an action returns a refusal as `{ code }`. */
export type ResultOf<R> = Exclude<R, { code: AresErrorCode }>;

/** Wraps a call of the app's own. `act` gets the key. */
export function createPaidCall<R>(act: (key: string) => R | Promise<R>): PaidCall<ResultOf<R>> {
  let given: { result: ResultOf<R> } | undefined;
  let spare: Response | undefined;
  let isTaken = false;
  let tellEarly = () => {};
  let navigate: (by: unknown) => void = () => {};
  const early = new Promise<void>((resolve, reject) => {
    tellEarly = resolve;
    navigate = reject;
  });
  // Nobody may wait for it.
  early.catch(() => {});

  /** Reads a copy to its end: the caller reads the original as it comes, or never. */
  async function toldOfSuccess(response: Response): Promise<Told> {
    const isServed = response.headers.has(headers.replayed);
    spare = copyOf(response);
    const copy = copyOf(response);
    if (isServed) tellEarly();
    // The app reads the body itself. Whether the work has ended, the look tells.
    if (isServed && !copy) return { as: "value" };
    try {
      await readToEnd(copy);
    } catch {
      return { as: "failure", error: aresError("network_error") };
    }
    if (isServed) return { as: "served" };
    return { as: "answer", error: aresError("unexpected_response", UNMARKED) };
  }

  function toldOfThrown(thrown: unknown): Told {
    if (!isNavigation(thrown)) return refusalIn(thrown) ?? { as: "failure", error: thrown };
    navigate(thrown);
    return { as: "navigation" };
  }

  return {
    early,
    result: () => given?.result,
    take() {
      if (!given) throw aresError("outcome_unknown");
      const { result } = given;
      const copy = isTaken ? spare?.clone() : undefined;
      isTaken = true;
      return isLike(copy, result) ? copy : result;
    },
    async send(key) {
      let result: R;
      try {
        result = await act(key);
      } catch (thrown) {
        return toldOfThrown(thrown);
      }
      const refusal = refusalIn(result);
      if (refusal) return refusal;
      if (isResult(result)) given = { result };
      if (!(result instanceof Response)) return { as: "value" };
      return result.ok ? toldOfSuccess(result) : toldOfFailure(result);
    },
  };
}

/** What an answer that is no success tells. The caller may still read it. */
async function toldOfFailure(response: Response): Promise<Told> {
  const body: unknown = await copyOf(response)
    ?.json()
    .catch(() => undefined);
  const message = `ARES: the call was answered with ${response.status}.`;
  const error = aresError("unexpected_response", message);
  return refusalIn(body) ?? { as: "failure", error };
}

/** A refusal by a code of the table. The codes of the browser itself tell nothing of the server. */
function refusalIn(given: unknown): Told | undefined {
  const code = isRecord(given) ? given.code : undefined;
  if (!isRecord(given) || !isServerCode(code)) return undefined;
  if (isAresError(given)) return { as: "refusal", error: given };
  const body: Body = given;
  const isRetryable = meaningOf(code).retry === "same_key";
  return {
    as: "refusal",
    error: aresError(code, textOf(body.message), isRetryable, detailsOf(body)),
  };
}

function isResult<R>(given: R): given is ResultOf<R> {
  return refusalIn(given) === undefined;
}

function isServerCode(code: unknown): code is AresErrorCode {
  return isErrorCode(code) && meaningOf(code).status > 0;
}

/** True for what a framework throws to go to another page: Next, or one that throws a `Response`. */
function isNavigation(thrown: unknown): boolean {
  if (thrown instanceof Response) return true;
  const digest = isRecord(thrown) ? textOf(thrown.digest) : undefined;
  return digest?.startsWith("NEXT_") === true;
}

/** True for the copy of a `Response`. */
function isLike<R>(copy: unknown, _original: R): copy is R {
  return copy instanceof Response;
}

/** A copy to read; undefined where the app has read the body itself, or has begun to. */
function copyOf(response: Response): Response | undefined {
  const isTaken = response.bodyUsed || response.body?.locked === true;
  return isTaken ? undefined : response.clone();
}

async function readToEnd(copy: Response | undefined): Promise<void> {
  const reader = copy?.body?.getReader();
  while (reader) {
    const { done } = await reader.read();
    if (done) return;
  }
}

const UNMARKED =
  "ARES: the call was answered without Idempotency-Replayed, so the answer may be that of a gateway. Pass the answer of withCharge on with its headers.";
