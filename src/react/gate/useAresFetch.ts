import { useMemo } from "react";
import { type AresClient, aresError, detailsOf, hint } from "../../client";
import { headers } from "../../contract";
import { useCharge } from "../hooks/useCharge";
import { type CallKeys, createCallKeys, type HeldKey } from "../provider/callKeys";
import { useAres } from "../provider/context";
import type { UsageAndInput } from "../provider/register";
import type { AresGateState } from "./state/gateState";
import { type GateOptions, useGate } from "./useAresGate";

export interface UseAresFetchResult {
  /**
   * `fetch` for an endpoint behind `requirePaid`. Each call names the charge; a 402 locks the gate.
   * A `resource` is bought once, so its gate stays open when all its uses are over. The error is `used_up` then, and
   * no new charge would help. Give `requirePaid` more `uses` where one is too few.
   *
   * Each call is one use, and has an `Idempotency-Key` of its own. Until a 2xx was read to its end, the next equal call
   * repeats the key, also after a reload of the tab: the same method, address and text of the body. A call with its own
   * `Idempotency-Key` header keeps that one. The session's token and the keys go to the app's own origins alone.
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
  const gate = useGate(options, handle, charge, handle.charge);
  const { client } = useAres();
  const paidFetch = useMemo<UseAresFetchResult["fetch"]>(() => {
    const keys = keysOf(client);
    return async function call(input, init = {}): Promise<Response> {
      const state = handle.get();
      const { id, key } = state.status === "charged" ? state.receipt : {};
      const { method = "GET", body } = init;
      const sent = new Headers(init.headers);
      const isOwn = client.isOwn(input);
      if (key && isOwn) sent.set(headers.charge, key);
      const text = textOf(body);
      const named =
        text === undefined
          ? undefined
          : [id ?? key, usage, resource, method.toUpperCase(), String(input), text];
      const held = sent.has(headers.idempotencyKey) || !isOwn ? undefined : keys.take(named);
      if (held) sent.set(headers.idempotencyKey, held.key);
      const response = await client
        .fetch(input, { ...init, headers: sent })
        .catch((error: unknown) => {
          held?.release("kept");
          throw error;
        });
      if (process.env.NODE_ENV !== "production" && response.headers.has(headers.replayed))
        hint(`${input} ${CHARGES_ITSELF}`);
      if (response.ok) {
        if (held) releaseWhenRead(held, response.clone());
        return response;
      }
      const refusal = await response
        .clone()
        .json()
        .catch(() => null);
      const code: unknown = refusal?.code;
      held?.release(code === "used_up" || code === "other_body" ? "over" : "kept");
      // A 402 from another server tells nothing about this charge.
      if (response.status !== 402 || (code !== "payment_required" && code !== "used_up"))
        return response;
      const usedUp = code === "used_up";
      // The use of an earlier call is over. Only a use of this call's own tells whether the charge has one left.
      if (usedUp && held?.repeated && handle.get() === state) return call(input, init);
      const details = { usage, resource, ...detailsOf(refusal) };
      const last = usedUp && resource !== undefined;
      // Only the charge of this call is over, not an open charge or a newer unlock.
      if (!last && state.status === "charged" && handle.get() === state) handle.reset();
      throw aresError(code, (usedUp ? USED_UP : UNPAID) + (last ? ASK : UNLOCK), false, details);
    };
  }, [client, handle, usage, resource]);
  return { fetch: paidFetch, gate };
}

/** Ends a key once its answer was read to the end. A body that breaks off was not served: the same call may be repeated. */
function releaseWhenRead(held: HeldKey, answer: Response): void {
  void answer.arrayBuffer().then(
    () => held.release("over"),
    () => held.release("kept"),
  );
}

/** The keys of all paid calls of one user on this page. */
const allKeys = /* @__PURE__ */ new WeakMap<AresClient, CallKeys>();

function keysOf(client: AresClient): CallKeys {
  const keys = allKeys.get(client) ?? createCallKeys(client.mintKey);
  allKeys.set(client, keys);
  return keys;
}

/** The text of a body, by which an equal call is known. A file, a form with files or a stream has none. */
function textOf(body: BodyInit | null | undefined): string | undefined {
  if (body === undefined || body === null) return "";
  return typeof body === "string" || body instanceof URLSearchParams ? String(body) : undefined;
}

const CHARGES_ITSELF =
  "charges by itself (withCharge), and the gate of useAresFetch pays for nothing there. Call such an endpoint with useAresAction, which keeps the Idempotency-Key until the answer is known. Or protect the endpoint with requirePaid, and keep useAresFetch.";
const UNPAID = "ARES: this call is not paid. It charged nothing. ";
const USED_UP = "ARES: this charge is used up. This call charged nothing. ";
const UNLOCK = "Unlock the feature and call again.";
const ASK = "Ask the people who run this app.";
