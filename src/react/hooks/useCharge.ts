import { useCallback, useInsertionEffect, useMemo, useState, useSyncExternalStore } from "react";
import { type ChargeHandle, type ChargeState, type ChargeTarget, chargesOf } from "../../client";
import { useAres } from "../provider/context";
import { type OutcomeListeners, tellOutcome } from "../provider/outcome";
import { useSame } from "../provider/useStable";

const idle: ChargeState = { status: "idle" };
const none = () => idle;
const never = () => () => {};

/** Delivered charges: a gate showed the unlock, or a caller got the receipt. The next `charge()` is a new one. */
export const delivered = /* @__PURE__ */ new WeakSet<ChargeState>();

/** Holds one charge of the page's store and re-renders with its state. Showing the state delivers the charge. */
export function useCharge({
  usage,
  resource,
  entitled,
  ...options
}: ChargeTarget & OutcomeListeners & { entitled?: boolean | undefined }): [
  ChargeHandle,
  ChargeState,
] {
  const { client } = useAres();
  const input = useSame(options.input);
  const handle = useMemo(
    () => chargesOf(client).open({ usage, resource, input }),
    [client, usage, resource, input],
  );
  useInsertionEffect(() => {
    handle.onOutcome = (outcome) => tellOutcome(options, { usage, resource, input }, outcome);
  });
  const [state] = useChargeState(handle, entitled);
  return [handle, state];
}

/**
 * The state of a handle. The server renders what the provider's snapshot tells. The last press may have been refused because
 * another user is signed in now: the new user's page says so until the next press, or until `forget`.
 */
export function useChargeState(
  handle: ChargeHandle,
  entitled = false,
): [state: ChargeState, forget: () => void] {
  const { session } = useAres();
  // Nobody is signed in yet, or nothing has to be paid, so there is no charge to read.
  const nobody = entitled || session === "loading" || session === "signed_out";
  const state = useSyncExternalStore(
    nobody ? never : handle.subscribe,
    nobody ? none : handle.get,
    nobody ? none : () => handle.first,
  );
  const [last, setLast] = useState<{ handle: ChargeHandle; refusal?: ChargeState }>({ handle });
  if (last.handle !== handle) {
    const previous = last.handle.get();
    const isRefusal = previous.status === "not_charged" && previous.error.code === "other_user";
    setLast(isRefusal ? { handle, refusal: previous } : { handle });
  } else if (last.refusal && state.status !== "idle") setLast({ handle });
  const forget = useCallback(() => setLast(({ handle }) => ({ handle })), []);
  return [(state.status === "idle" && last.refusal) || state, forget];
}
