import type { ReactNode } from "react";
import type { Receipt } from "../../../client";

/** What an app puts into a gate: the paid feature, or a function of its receipt. */
export type GateChildren = ReactNode | ((receipt: Receipt | undefined) => ReactNode);

interface PaidChildrenProps {
  receipt: Receipt | undefined;
  children: GateChildren;
}

/** The paid feature. A function is called in here, so that an error boundary around it meets what the function throws. */
export function PaidChildren({ receipt, children }: PaidChildrenProps): ReactNode {
  return typeof children === "function" ? children(receipt) : children;
}
