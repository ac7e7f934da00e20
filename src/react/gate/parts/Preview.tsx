import type { ReactNode } from "react";

/** A foretaste of the feature, out of reach for keys and screen readers. */
export function Preview({ part, children }: { part: object; children: ReactNode }) {
  return (
    <div {...part} ref={setInert} aria-hidden>
      {children}
    </div>
  );
}

// React 18 does not know the attribute, and React 19 takes no empty one.
const setInert = (preview: HTMLElement | null): void => preview?.setAttribute("inert", "");
