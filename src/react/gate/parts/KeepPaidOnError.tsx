import { Component, type ReactNode, useEffect } from "react";
import type { Receipt } from "../../../client";

/** Keeps the unlock when the paid feature throws, then throws the error on. The remount after it must not charge again. */
export class KeepPaidOnError extends Component<
  { keep: () => void; children?: ReactNode },
  { thrown?: { error: unknown } }
> {
  override state: { thrown?: { error: unknown } } = {};

  static getDerivedStateFromError(error: unknown) {
    return { thrown: { error } };
  }

  override render() {
    const { thrown } = this.state;
    if (!thrown) return this.props.children;
    this.props.keep();
    throw thrown.error;
  }
}

/** Calls a function of children below the boundary. A feature that throws in this function keeps its unlock too. */
export function Feature({
  draw,
  receipt,
}: {
  draw: (receipt: Receipt | undefined) => ReactNode;
  receipt: Receipt | undefined;
}): ReactNode {
  return draw(receipt);
}

/** Tells whether a slot keeps the gate's own markup. */
export function Kept({ tell, children }: { tell: (kept: boolean) => void; children: ReactNode }) {
  useEffect(() => {
    tell(true);
    return () => tell(false);
  }, [tell]);
  return children;
}

/** Keeps keys and readers out of a preview. React 18 does not know the attribute, and React 19 takes no empty one. */
export const inert = (preview: HTMLElement | null): void => preview?.setAttribute("inert", "");
