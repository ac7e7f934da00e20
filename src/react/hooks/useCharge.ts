import { useMemo, useSyncExternalStore } from "react";
import type { ChargeHandle, ChargeState } from "../../client";
import { useAres } from "../provider/context";

const idle: ChargeState = { status: "idle" };
const none = () => idle;
const never = () => () => {};

/** Delivered charges: a gate showed the unlock, or a caller got the receipt. The next `charge()` is a new one. */
export const delivered = /* @__PURE__ */ new WeakSet<ChargeState>();

/**
 * Holds one charge of the page's store and re-renders with its state. The server always renders `idle`.
 * `shows`: showing the state delivers the charge. Otherwise the caller delivers it with `take`.
 */
export function useCharge(usage: string, resource: string | undefined, shows = true): [ChargeHandle, ChargeState] {
  const { client, session } = useAres();
  const handle = useMemo(() => client.open({ usage, resource }, shows), [client, usage, resource, shows]);
  // Nobody is signed in yet, so there is no charge to read.
  const nobody = session === "loading" || session === "signed_out";
  return [handle, useSyncExternalStore(nobody ? never : handle.subscribe, nobody ? none : handle.get, none)];
}
