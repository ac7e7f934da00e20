import { useMemo, useSyncExternalStore } from "react";
import type { ChargeHandle, ChargeState } from "../../client";
import { useAres } from "../provider/context";

const idle: ChargeState = { status: "idle" };
const none = () => idle;
const never = () => () => {};

/** The charges that somebody had something for: a gate showed their unlock, or a caller got their receipt. */
export const used = /* @__PURE__ */ new WeakSet<ChargeState>();

/**
 * Holds one charge of the page's store, and re-renders with it. The server always renders it as idle. `shows`: what is paid
 * is seen at once; otherwise the caller says with `take` when it was handed out.
 */
export function useCharge(usage: string, resource: string | undefined, shows = true): [ChargeHandle, ChargeState] {
  const { client, session } = useAres();
  const handle = useMemo(() => client.open({ usage, resource }, shows), [client, usage, resource, shows]);
  // Nobody is signed in yet, so there is nobody's charge to ask for.
  const nobody = session === "loading" || session === "signed_out";
  return [handle, useSyncExternalStore(nobody ? never : handle.subscribe, nobody ? none : handle.get, none)];
}
