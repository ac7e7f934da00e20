import { useSyncExternalStore } from "react";
import { listen } from "../../client";

/** False only where the browser is sure to have no network. */
export function useOnline(): boolean {
  return useSyncExternalStore(
    subscribe,
    () => navigator.onLine !== false,
    () => true,
  );
}

const subscribe = (tell: () => void) => listen(["online", "offline"], tell);
