import type { ReactNode } from "react";

/** An amount of credits behind the coin, which the stylesheet draws: the same on buttons, in questions, receipts and lists. */
export function Price({ children }: { children: ReactNode }) {
  return <span data-ares-part="price">{children}</span>;
}
