import { useMemo, useSyncExternalStore } from "react";
import type { ChargeHandle, ChargeState } from "../client";
import { useAres } from "./context";

const idle: ChargeState = { status: "idle" };

/** Holds one charge of the page's store, and re-renders with it. The server always renders it as idle. */
export function useCharge(usage: string, resource: string | undefined, keep = false): [ChargeHandle, ChargeState] {
  const { client } = useAres();
  const handle = useMemo(() => client.open({ usage, resource, keep }), [client, usage, resource, keep]);
  return [handle, useSyncExternalStore(handle.subscribe, handle.get, () => idle)];
}
