import { useMemo } from "react";
import { aresError, detailsOf } from "../../client";
import { headers, mintKey } from "../../contract";
import { useCharge } from "../hooks/useCharge";
import { useAres } from "../provider/context";
import type { AresGateState } from "./gateState";
import { type UseAresGateOptions, useGate } from "./useAresGate";

export interface UseAresFetchResult {
  /**
   * `fetch` for an endpoint behind `requirePaid`. Each call names the charge; a 402 locks the gate.
   * A `resource` is bought once, so its gate stays open when all its uses are over. The error then has a `chargeId`, and
   * no new charge would help. Give `requirePaid` more `uses` where one is too few.
   *
   * Each call is one use. To repeat a call after a lost answer without a second use, send the same `Idempotency-Key`
   * header again.
   *
   * @throws {AresError} `payment_required` on a 402, with the `credits` it costs, `network_error` when no answer came.
   */
  fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** The gate in front of the call. Its `unlock` charges. */
  gate: AresGateState;
}

/**
 * Calls a paid endpoint from anywhere, not only from inside a gate.
 *
 * An endpoint behind `withCharge` charges by itself. Call it with plain `fetch` and an `Idempotency-Key` of `mintKey`.
 * Keep the key until the answer is known.
 *
 * @example
 * const { fetch, gate } = useAresFetch({ usage: "report", resource: id });
 * if (gate.status === "locked") return <button type="button" onClick={gate.unlock}>Unlock</button>;
 * if (gate.status === "unlocked") return <button type="button" onClick={() => fetch(`/api/reports/${id}`)}>Load</button>;
 */
export function useAresFetch(options: Omit<UseAresGateOptions, "trigger">): UseAresFetchResult {
  const { usage, resource } = options;
  const [handle, charge] = useCharge(usage, resource);
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
        // A 402 from another server tells nothing about this charge.
        const refusal =
          response.status === 402
            ? await response
                .clone()
                .json()
                .catch(() => null)
            : null;
        if (refusal?.code !== "payment_required") return response;
        const details = { usage, resource, ...detailsOf(refusal) };
        const usedUp = resource !== undefined && details.chargeId !== undefined;
        // Only the charge of this call is over, not an open charge or a newer unlock.
        if (!usedUp && state.status === "charged" && handle.get() === state) handle.reset();
        throw aresError("payment_required", usedUp ? USED_UP : UNPAID, false, details);
      },
    [client, handle, usage, resource],
  );
  return { fetch: paidFetch, gate };
}

const UNPAID = "ARES: this call is not paid. It charged nothing. Unlock the feature and call again.";
const USED_UP = "ARES: this charge is used up. This call charged nothing. Ask the people who run this app.";
