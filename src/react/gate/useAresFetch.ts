import { useMemo } from "react";
import {
  type AresClient,
  aresError,
  type ChargeHandle,
  type ChargeState,
  callApp,
  detailsOf,
  hint,
  isOwnAddress,
  onePerClient,
  type Receipt,
} from "../../client";
import { type AresError, headers, mintKey } from "../../contract";
import { useCharge } from "../hooks/useCharge";
import { createCallKeys, type HeldKey } from "../provider/callKeys";
import { useAres } from "../provider/context";
import type { UsageAndInput } from "../provider/register";
import type { AresGateState } from "./state/gateState";
import { type GateOptions, useGate } from "./useAresGate";

/** What `useAresFetch` returns. */
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
  const paidFetch = useMemo((): UseAresFetchResult["fetch"] => {
    const calls = { client, handle, usage, resource };
    return (input, init = {}) => callPaid(calls, input, init);
  }, [client, handle, usage, resource]);
  return { fetch: paidFetch, gate };
}

interface PaidCalls {
  client: AresClient;
  handle: ChargeHandle;
  usage: string;
  resource: string | undefined;
}

/** Sends one call. Where the charge pays for nothing more, the gate is locked, and the call rejects. */
async function callPaid(
  calls: PaidCalls,
  input: string | URL,
  init: RequestInit,
): Promise<Response> {
  const { handle } = calls;
  const state = handle.get();
  const charge = state.status === "charged" ? state.receipt : undefined;
  const { held, response } = await sendWithKeys(calls, input, init, charge);
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
  held?.release(code === "used_up" || code === "other_body" ? "ended" : "kept");
  // A 402 from another server tells nothing about this charge.
  if (response.status !== 402 || !isPaymentCode(code)) return response;
  // The use of an earlier call is over. Only a use of this call's own tells whether the charge has one left.
  if (code === "used_up" && held?.repeated && handle.get() === state)
    return callPaid(calls, input, init);
  throw refusedBy(calls, state, code, detailsOf(refusal));
}

/** Sends one call with the charge and a key of its own. Only the app's own servers get them. */
async function sendWithKeys(
  { client, usage, resource }: PaidCalls,
  input: string | URL,
  init: RequestInit,
  charge: Receipt | undefined,
): Promise<{ held: HeldKey | undefined; response: Response }> {
  const sent = new Headers(init.headers);
  const isOwn = isOwnAddress(client, input);
  if (isOwn && charge?.key) sent.set(headers.charge, charge.key);
  const needsKey = isOwn && !sent.has(headers.idempotencyKey);
  const paidBy = [charge?.id ?? charge?.key, usage, resource];
  const held = needsKey ? keysOf(client).take(nameOfCall(paidBy, input, init)) : undefined;
  if (held) sent.set(headers.idempotencyKey, held.key);
  try {
    return { held, response: await callApp(client, input, { ...init, headers: sent }) };
  } catch (error) {
    held?.release("kept");
    throw error;
  }
}

/** Locks the gate whose charge pays for nothing more, and says what the call costs. */
function refusedBy(
  { handle, usage, resource }: PaidCalls,
  state: ChargeState,
  code: PaymentCode,
  details: AresError["details"],
): AresError {
  const isUsedUp = code === "used_up";
  // A resource is bought once, so no new charge would help.
  const isBought = isUsedUp && resource !== undefined;
  // Only the charge of this call is over, not an open charge or a newer unlock.
  if (!isBought && state.status === "charged" && handle.get() === state) handle.reset();
  const message = (isUsedUp ? USED_UP : UNPAID) + (isBought ? ASK : UNLOCK);
  return aresError(code, message, false, { usage, resource, ...details });
}

type PaymentCode = "payment_required" | "used_up";
const isPaymentCode = (code: unknown): code is PaymentCode =>
  code === "payment_required" || code === "used_up";

/** What names a call: an equal call repeats its key. A body without a text has no name. */
function nameOfCall(
  paidBy: readonly unknown[],
  input: string | URL,
  { method = "GET", body }: RequestInit,
): readonly unknown[] | undefined {
  const text = textOf(body);
  if (text === undefined) return undefined;
  return [...paidBy, method.toUpperCase(), String(input), text];
}

/** Ends a key once its answer was read to the end. A body that breaks off was not served: the same call may be repeated. */
function releaseWhenRead(held: HeldKey, answer: Response): void {
  void answer.arrayBuffer().then(
    () => held.release("ended"),
    () => held.release("kept"),
  );
}

/** The keys of all paid calls of one user on this page. */
const keysOf = /* @__PURE__ */ onePerClient((client) =>
  createCallKeys(() => mintKey(client.serverNow())),
);

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
