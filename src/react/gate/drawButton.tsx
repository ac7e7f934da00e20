import type { MouseEvent, ReactElement, ReactNode } from "react";

/** The props that every button of the kit needs, also one that the app draws. */
export interface AresButtonProps {
  type: "button";
  "data-ares-part": string;
  className: string | undefined;
  /** A disabled look. The button does nothing but keeps the focus. */
  "aria-disabled": boolean;
  /** True while the press is being worked on. */
  "aria-busy"?: boolean | "true" | "false" | undefined;
  onClick: ((event: MouseEvent) => void) | undefined;
  children: ReactNode;
}

/** Draws a button with an app's own component. Pass on all the props: `onClick` guards against double clicks. */
export type RenderButton = (props: AresButtonProps) => ReactElement;

/** Draws a button. The second click of a double click does nothing: the user meant the button before. */
export function drawButton<P extends Omit<AresButtonProps, "type" | "onClick"> & { onClick: (() => unknown) | undefined }>(
  render: RenderButton | undefined,
  props: P,
): ReactElement {
  const act = props.onClick;
  // An app's own button may pass no event, or an event without a click count.
  const onClick = act && ((event?: { detail?: number }) => void (Number(event?.detail) > 1 || act()));
  const all = { ...props, type: "button" as const, onClick };
  return render ? render(all) : <button {...all} />;
}
