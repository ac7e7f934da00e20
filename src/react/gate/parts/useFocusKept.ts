import { type FocusEvent, useEffect, useRef } from "react";

/**
 * Keeps the focus near its place when the focused button unmounts: on the feature, the status text or the root, never on
 * another button. A second Enter must not spend. `place` changes whenever a button may go. `beside`: the words stand beside
 * the root, which may go too.
 */
export function useFocusKept(place: string, beside?: boolean) {
  const inside = useRef<Focused>(undefined);
  useEffect(() => {
    const keep = () => {
      if (!place || !inside.current || document.activeElement !== document.body) return;
      const goal = goalOf(inside.current);
      if (goal && goal.tabIndex < 0) goal.tabIndex = -1;
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

interface Focused {
  root: HTMLElement;
  /** Where the words stand. */
  around: HTMLElement | null;
}

/** Where the focus goes: to the feature, the button of a small gate's words, the last text, or else to the root. */
function goalOf({ root, around }: Focused): HTMLElement | null {
  const all = (goals: string) => around?.querySelectorAll<HTMLElement>(`:scope > ${goals}`) ?? [];
  const [feature] = all("section[tabindex]");
  const [more] = all("[data-ares-part=more]");
  const words = [...all("p[tabindex]")].at(-1);
  return feature ?? more ?? words ?? (root.isConnected ? root : around);
}
