import { useMemo, useRef } from "react";
import { aresError } from "../../client";
import { isAresError, isErrorCode, meaningOf } from "../../contract";
import { keyOfCall } from "../provider/callKey";
import type { AresContextValue } from "../provider/context";
import { useListener } from "../provider/useStable";
import { useNamedUser } from "./useNamedUser";

/** An argument of an action: plain JSON, so that the same call is known again after a reload. */
export type ActionArgument =
  | string
  | number
  | boolean
  | null
  | undefined
  | readonly ActionArgument[]
  | { readonly [name: string]: ActionArgument };

/**
 * Keeps the idempotency key of a call to the app's own endpoint or server action, until the answer is known. Nobody mints
 * keys by hand then.
 *
 * `name` names the action, once in the app. `act` gets the key first: a `fetch` sends it as `Idempotency-Key`, a server
 * action passes it to `ares.charge`. An action returns a refusal as `{ code }`; a rejected promise is a lost answer.
 *
 * After a lost answer the next call with the same arguments repeats the key, also after a reload. The key ends
 * with a success, or with a refusal that speaks of this very key. Same calls join while one is on its way. A call waits
 * while the session is loading, for ten seconds.
 *
 * @example
 * const draw = useAresAction("draw", (key: string, prompt: string) =>
 *   fetch("/api/draw", { method: "POST", headers: { "Idempotency-Key": key }, body: prompt }),
 * );
 * <button type="button" onClick={() => draw("a lighthouse")}>Draw</button>
 *
 * @throws {AresError} `invalid_request` for an argument that is no plain JSON; `network_error` when no session came.
 */
export function useAresAction<Args extends readonly ActionArgument[], R>(
  name: string,
  act: (key: string, ...args: Args) => Promise<R>,
): (...args: Args) => Promise<R> {
  const waiting = useRef(new Map<string, string>());
  const flights = useRef(new Map<string, Promise<R>>());
  const latest = useListener(act);
  const namedUser = useNamedUser();

  return useMemo(() => {
    async function run(
      { client, queryClient, queryKey }: AresContextValue,
      call: readonly unknown[],
      args: Args,
    ): Promise<R> {
      const held = keyOfCall(waiting.current, call, client.mintKey);
      try {
        const result = await latest(held.key, ...args);
        held.settle(fateOf(await verdictOf(result), held.open));
        return result;
      } catch (error) {
        held.settle(
          fateOf(isAresError(error) ? (verdictOfCode(error.code) ?? "lost") : "lost", held.open),
        );
        throw error;
      } finally {
        void queryClient.invalidateQueries({ queryKey });
      }
    }

    return async (...args) => {
      if (!args.every(isPlain)) throw aresError("invalid_request", NOT_PLAIN, false);
      const named = namedUser();
      const ares = named instanceof Promise ? await named : named;
      const [, endpoint, user] = ares.queryKey;
      const call = ["action", endpoint, user, name, args];
      const id = JSON.stringify(call);
      const flight =
        flights.current.get(id) ?? run(ares, call, args).finally(() => flights.current.delete(id));
      flights.current.set(id, flight);
      return flight;
    };
  }, [name, latest, namedUser]);
}

/**
 * - `known`: a success, or a refusal that the server gave after it had looked at the key
 * - `silent`: a refusal of this call that tells nothing of an earlier call with the same key
 * - `lost`: this call may have charged
 */
type Verdict = "known" | "silent" | "lost";

function fateOf(verdict: Verdict, open: boolean): "over" | "kept" | "open" {
  if (verdict === "lost") return "open";
  return verdict === "silent" && open ? "kept" : "over";
}

async function verdictOf(result: unknown): Promise<Verdict> {
  if (!(result instanceof Response)) return verdictOfCode(codeOf(result)) ?? "known";
  if (result.ok) return "known";
  const body: unknown = await result
    .clone()
    .json()
    .catch(() => undefined);
  // Without a code of the kit the answer may be a gateway's, or the work may have failed after its charge.
  return verdictOfCode(codeOf(body)) ?? "lost";
}

/** What a code of the kit tells; undefined for a code of the app's own. */
function verdictOfCode(code: unknown): Verdict | undefined {
  if (!isErrorCode(code)) return undefined;
  const verdicts = { none: "known", silent: "silent", open: "lost" } as const;
  return verdicts[meaningOf(code).money];
}

function codeOf(body: unknown): unknown {
  return typeof body === "object" && body !== null && "code" in body ? body.code : undefined;
}

function isPlain(value: unknown): boolean {
  if (typeof value !== "object" || value === null)
    return typeof value !== "function" && typeof value !== "symbol";
  const proto: unknown = Object.getPrototypeOf(value);
  return (
    (proto === Array.prototype || proto === Object.prototype || proto === null) &&
    Object.values(value).every(isPlain)
  );
}

const NOT_PLAIN =
  "ARES: an argument of this action is no plain JSON, so a repeated call could not be told from another. Nothing was sent.";
