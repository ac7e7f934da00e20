import { useMemo } from "react";
import { aresError } from "../client";
import { headers, mintKey } from "../contract";
import { useAres } from "./context";
import type { AresGateState } from "./gateState";
import { type UseAresGateOptions, useGate } from "./useAresGate";
import { useCharge } from "./useCharge";

export interface UseAresFetchResult {
  /**
   * `fetch` for an endpoint behind `requirePaid`: it carries the charge along, and locks the gate when the endpoint says 402.
   *
   * Each call is one use. To repeat a call after a lost answer without using the charge up, send the same
   * `Idempotency-Key` header again.
   *
   * @throws {AresError} `payment_required` on a 402, `network_error` when no answer came.
   */
  fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** What stands between the user and the call; press `unlock` there. */
  gate: AresGateState;
}

/**
 * Calls a paid endpoint from anywhere, not only from inside a gate.
 *
 * For an endpoint behind `withCharge`, which charges by itself, use plain `fetch` with an `Idempotency-Key` of `mintKey`,
 * kept until the answer is known.
 *
 * @example
 * const { fetch, gate } = useAresFetch({ usage: "report", resource: id });
 * if (gate.status === "locked") return <button type="button" onClick={gate.unlock}>Unlock</button>;
 * if (gate.status === "unlocked") return <button type="button" onClick={() => fetch(`/api/reports/${id}`)}>Load</button>;
 */
export function useAresFetch(options: Omit<UseAresGateOptions, "trigger">): UseAresFetchResult {
  const [handle, charge] = useCharge(options.usage, options.resource);
  const gate = useGate(options, handle, charge);
  const { client } = useAres();
  const paidFetch = useMemo<UseAresFetchResult["fetch"]>(
    () =>
      async (input, init = {}) => {
        const state = handle.get();
        const sent = new Headers(init.headers);
        if (state.status === "charged" && state.receipt.key) sent.set(headers.charge, state.receipt.key);
        if (!sent.has(headers.idempotencyKey)) sent.set(headers.idempotencyKey, mintKey(Date.now()));
        const response = await client.fetch(input, { ...init, headers: sent });
        if (response.status !== 402) return response;
        handle.reset();
        throw aresError(
          "payment_required",
          "ARES: this call needs to be paid for. Nothing was charged by it. Unlock it and call again.",
          false,
        );
      },
    [client, handle],
  );
  return { fetch: paidFetch, gate };
}
