import type { MouseEvent, ReactElement, ReactNode } from "react";

/** What a button of the kit needs to be one, whoever draws it. */
export interface AresButtonProps {
  type: "button";
  "data-ares-part": string;
  className: string | undefined;
  /** Such a button looks disabled and does nothing, but keeps the focus. */
  "aria-disabled": boolean;
  /** What was pressed is being worked on. */
  "aria-busy"?: boolean | "true" | "false" | undefined;
  onClick: ((event: MouseEvent) => void) | undefined;
  children: ReactNode;
}

/** Draws a button with an app's own component. Pass on all the props: they hold what keeps a press a single one. */
export type RenderButton = (props: AresButtonProps) => ReactElement;

/** The second click of a double click does nothing: it was meant for what stood there before. */
export function drawButton<P extends Omit<AresButtonProps, "type" | "onClick"> & { onClick: (() => unknown) | undefined }>(
  render: RenderButton | undefined,
  props: P,
): ReactElement {
  const act = props.onClick;
  // An app's own button may pass on no event, or one without a count.
  const onClick = act && ((event?: { detail?: number }) => void (Number(event?.detail) > 1 || act()));
  const all = { ...props, type: "button" as const, onClick };
  return render ? render(all) : <button {...all} />;
}
