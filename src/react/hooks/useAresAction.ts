import { useMemo, useRef } from "react";
import { keyOfCall, mayRepeat } from "../provider/callKey";
import { useAres } from "../provider/context";
import type { Usage } from "../provider/register";
import { useListener } from "../provider/useStable";

/**
 * Keeps the idempotency key of a call to the app's own endpoint or server action, until the answer is known. Nobody mints
 * keys by hand then.
 *
 * `act` gets the key first. A `fetch` sends the key as `Idempotency-Key`; a server action passes it to `ares.charge`. A call
 * whose promise rejects keeps its key: the next call with the same arguments repeats the key, also after a reload of the
 * tab. So does an answer of 401, 409, 429 or 5xx, and a result whose `code` is `outcome_unknown` or `charge_in_progress`.
 * Calls with the same arguments join while one is on its way. Arguments must be plain JSON.
 *
 * @example
 * const draw = useAresAction("report", (key: string, prompt: string) =>
 *   fetch("/api/draw", { method: "POST", headers: { "Idempotency-Key": key }, body: prompt }),
 * );
 * <button type="button" onClick={() => draw("a lighthouse")}>Draw</button>
 */
export function useAresAction<Args extends readonly unknown[], R>(
  usage: Usage,
  act: (key: string, ...args: Args) => Promise<R>,
): (...args: Args) => Promise<R> {
  const { queryClient, queryKey } = useAres();
  const waiting = useRef(new Map<string, string>());
  const flights = useRef(new Map<string, Promise<R>>());
  const latest = useListener(act);

  return useMemo(() => {
    async function run(args: Args): Promise<R> {
      const call = keyOfCall(waiting.current, ["action", usage, args]);
      const result = await latest(call.key, ...args);
      if (!isOpen(result)) call.settle();
      void queryClient.invalidateQueries({ queryKey });
      return result;
    }

    return (...args) => {
      const name = JSON.stringify(args);
      const flight = flights.current.get(name) ?? run(args).finally(() => flights.current.delete(name));
      flights.current.set(name, flight);
      return flight;
    };
  }, [usage, latest, queryClient, queryKey]);
}

/** True for a result that leaves open whether the call charged, or that allows the same key again. */
function isOpen(result: unknown): boolean {
  if (result instanceof Response) return mayRepeat(result);
  const code = typeof result === "object" && result !== null && "code" in result ? result.code : undefined;
  return code === "outcome_unknown" || code === "charge_in_progress";
}
