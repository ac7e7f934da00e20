import { Component, type ReactNode } from "react";

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
