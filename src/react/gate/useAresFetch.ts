import { useMemo } from "react";
import { aresError, detailsOf, hint } from "../../client";
import { headers } from "../../contract";
import { useCharge } from "../hooks/useCharge";
import { keyOfCall, mayRepeat } from "../provider/callKey";
import { useAres } from "../provider/context";
import type { UsageAndInput } from "../provider/register";
import type { AresGateState } from "./gateState";
import { type GateOptions, useGate } from "./useAresGate";

export interface UseAresFetchResult {
  /**
   * `fetch` for an endpoint behind `requirePaid`. Each call names the charge; a 402 locks the gate.
   * A `resource` is bought once, so its gate stays open when all its uses are over. The error is `used_up` then, and
   * no new charge would help. Give `requirePaid` more `uses` where one is too few.
   *
   * Each call is one use. After a lost answer the same call repeats its `Idempotency-Key`, also after a reload of the
   * tab. The same call means the same method, address and body. The key stays after 401, 409, 429 and 5xx too. A call
   * with its own `Idempotency-Key` header keeps that one.
   *
   * @throws {AresError} `payment_required` or `used_up` on a 402, with the `credits` it costs, `network_error` when no answer came.
   */
  fetch: (input: string | URL, init?: RequestInit) => Promise<Response>;
  /** The gate in front of the call. Its `unlock` charges. */
  gate: AresGateState;
}

/**
 * Calls a paid endpoint from anywhere, not only from inside a gate.
 *
 * An endpoint behind `withCharge` charges by itself: call it with `useAresAction`.
 *
 * @example
 * const { fetch, gate } = useAresFetch({ usage: "report", resource: id });
 * if (gate.status === "unlocked") return <button type="button" onClick={() => fetch(`/api/reports/${id}`)}>Load</button>;
 * return <><AresGateStatus gate={gate} /><AresGateActions gate={gate} /></>;
 */
export function useAresFetch(options: GateOptions & UsageAndInput): UseAresFetchResult {
  const { usage, resource } = options;
  const [handle, charge] = useCharge(options);
  const gate = useGate(options, handle, charge);
  const { client } = useAres();
  const paidFetch = useMemo<UseAresFetchResult["fetch"]>(() => {
    const waiting = new Map<string, string>();
    return async (input, init = {}) => {
      const state = handle.get();
      const { id, key } = state.status === "charged" ? state.receipt : {};
      const { method = "GET", body } = init;
      const sent = new Headers(init.headers);
      if (key) sent.set(headers.charge, key);
      const call = sent.has(headers.idempotencyKey)
        ? undefined
        : keyOfCall(waiting, [id ?? key, usage, resource, method.toUpperCase(), String(input), String(body)], client.mintKey);
      if (call) sent.set(headers.idempotencyKey, call.key);
      const response = await client.fetch(input, { ...init, headers: sent });
      if (process.env.NODE_ENV !== "production" && response.headers.has(headers.replayed)) hint(`${input} ${CHARGES_ITSELF}`);
      if (!mayRepeat(response)) call?.settle("over");
      // A 402 from another server tells nothing about this charge.
      const refusal =
        response.status === 402
          ? await response
              .clone()
              .json()
              .catch(() => null)
          : null;
      const code: unknown = refusal?.code;
      if (code !== "payment_required" && code !== "used_up") return response;
      const details = { usage, resource, ...detailsOf(refusal) };
      const usedUp = code === "used_up";
      const last = usedUp && resource !== undefined;
      // Only the charge of this call is over, not an open charge or a newer unlock.
      if (!last && state.status === "charged" && handle.get() === state) handle.reset();
      throw aresError(code, (usedUp ? USED_UP : UNPAID) + (last ? ASK : UNLOCK), false, details);
    };
  }, [client, handle, usage, resource]);
  return { fetch: paidFetch, gate };
}

const CHARGES_ITSELF =
  "charges by itself (withCharge), and the gate of useAresFetch pays for nothing there. Call such an endpoint with useAresAction, which keeps the Idempotency-Key until the answer is known. Or protect the endpoint with requirePaid, and keep useAresFetch.";
const UNPAID = "ARES: this call is not paid. It charged nothing. ";
const USED_UP = "ARES: this charge is used up. This call charged nothing. ";
const UNLOCK = "Unlock the feature and call again.";
const ASK = "Ask the people who run this app.";
