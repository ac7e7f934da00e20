import { useCallback, useEffect, useState } from "react";
import { readWorld, type World } from "./world";

const EVERY_MS = 1000;

/** Keeps the pretend world on screen up to date. `reachable` is false while the app's server does not answer. */
export function useWorld(first: World): {
  world: World;
  reachable: boolean;
  refresh: () => Promise<void>;
} {
  const [world, setWorld] = useState(first);
  const [reachable, setReachable] = useState(true);

  const refresh = useCallback(async () => {
    try {
      setWorld(await readWorld());
      setReachable(true);
    } catch {
      setReachable(false);
    }
  }, []);

  useEffect(() => {
    let timer: ReturnType<typeof setTimeout>;
    let over = false;
    const next = async () => {
      if (navigator.onLine && !document.hidden) await refresh();
      if (!over) timer = setTimeout(next, EVERY_MS);
    };
    timer = setTimeout(next, EVERY_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [refresh]);

  return { world, reachable, refresh };
}
