import { Component, type ReactNode } from "react";

/** Lets an error of the paid feature pass, after the unlock was made to survive the remount that follows. */
export class KeepPaidOnError extends Component<{ keep: () => void; children?: ReactNode }, { thrown?: { error: unknown } }> {
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
