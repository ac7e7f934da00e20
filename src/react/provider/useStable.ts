import { useCallback, useInsertionEffect, useMemo, useRef } from "react";

/** A listener that keeps its identity and calls the newest `act`, so that a function written inline re-renders no reader. */
export function useListener<Args extends readonly unknown[], R>(
  act: (...args: Args) => R,
): (...args: Args) => R {
  const latest = useRef(act);
  useInsertionEffect(() => {
    latest.current = act;
  });
  return useCallback((...args: Args) => latest.current(...args), []);
}

/** As `useListener`, for a function that an app may leave out. */
export function useStable<Args extends readonly unknown[], R>(
  act: ((...args: Args) => R) | undefined,
) {
  const stable = useListener((...args: Args) => act?.(...args));
  return act && stable;
}

/** Plain JSON that keeps its identity while its content is the same. Texts written inline then re-render no reader. */
export function useSame<T>(value: T): T {
  const text = JSON.stringify(value);
  return useMemo<T>(() => text && JSON.parse(text), [text]);
}

/** An object that keeps its identity while each of its members is the same. */
export function useKept<T extends object>(value: T): T {
  // biome-ignore lint/correctness/useExhaustiveDependencies: the members are what it depends on.
  return useMemo(() => value, Object.values(value));
}
