import { type FocusEvent, useEffect, useRef } from "react";

/**
 * Keeps the focus near its place when the focused button unmounts: on the feature, the status text or the root, never on
 * another button. A second Enter must not spend. `place` changes whenever a button may go. `beside`: the words stand beside
 * the root, which may go too.
 */
export function useFocusKept(place: string, beside?: boolean) {
  const inside = useRef<{ root: HTMLElement; around: HTMLElement | null }>(undefined);
  useEffect(() => {
    const keep = () => {
      if (!place || !inside.current || document.activeElement !== document.body) return;
      const { root, around } = inside.current;
      const words =
        around?.querySelectorAll<HTMLElement>(":scope > :is(p, section)[tabindex]") ?? [];
      const goal = [...words].at(-1) ?? (root.isConnected ? root : around);
      if (goal && !goal.hasAttribute("tabindex")) goal.tabIndex = -1;
      goal?.focus();
    };
    keep();
    return keep;
  }, [place]);
  return {
    onFocusCapture: ({ currentTarget: root }: FocusEvent<HTMLElement>) => {
      inside.current = { root, around: beside ? root.parentElement : root };
    },
    onBlurCapture: (event: FocusEvent) => {
      if (document.activeElement !== event.target) inside.current = undefined;
    },
  };
}
