import type { MouseEvent, ReactElement, ReactNode } from "react";

/** What a button of the kit needs to be one, whoever draws it. */
export interface AresButtonProps {
  type: "button";
  "data-ares-part": string;
  className: string | undefined;
  /** Such a button looks disabled and does nothing, but keeps the focus. */
  "aria-disabled": boolean;
  onClick: ((event: MouseEvent) => void) | undefined;
  children: ReactNode;
}

/** Draws a button with an app's own component. Pass on all the props: they hold what keeps a press a single one. */
export type RenderButton = (props: AresButtonProps) => ReactElement;

export function drawButton<P extends Omit<AresButtonProps, "type">>(render: RenderButton | undefined, props: P): ReactElement {
  return render ? render({ ...props, type: "button" }) : <button {...props} type="button" />;
}

/** The second click of a double click agrees to nothing: it was meant for what stood there before. */
export function once(act: () => void) {
  // An app's own button may pass on no event, or one that counts nothing.
  return (event?: { detail?: number }) => {
    if (!(Number(event?.detail) > 1)) act();
  };
}
