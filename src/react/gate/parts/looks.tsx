import type { MouseEvent, ReactElement, ReactNode } from "react";

/** The props that every button of the kit needs, also one that the app draws. */
export interface AresButtonProps {
  type: "button";
  "data-ares-part": string;
  className: string | undefined;
  /** The words run as their language does, whatever the page says. */
  dir: "auto";
  /** A disabled look. The button does nothing but keeps the focus. */
  "aria-disabled": boolean;
  /** True while the press is being worked on. */
  "aria-busy"?: boolean | "true" | "false" | undefined;
  /** The words of a button that the stylesheet shows as a sign. */
  title?: string | undefined;
  onClick: ((event: MouseEvent) => void) | undefined;
  children: ReactNode;
}

/** The props of the link to the shop, also one that the app draws. A new tab opens, so nothing on this page is lost. */
export interface AresLinkProps {
  "data-ares-part": string;
  className: string | undefined;
  /** The words run as their language does, whatever the page says. */
  dir: "auto";
  href: string;
  /** The words, and that a new tab opens: for screen readers. */
  "aria-label": string;
  target: "_blank";
  rel: "noopener noreferrer";
  /** Tells the gate that the user goes to the shop. */
  onClick?: (() => void) | undefined;
  children: ReactNode;
}

/** Draws a button with an app's own component. Pass on all the props: `onClick` guards against double clicks. */
export type RenderButton = (props: AresButtonProps) => ReactElement;

/** Draws the link to the shop with an app's own component. Pass on all the props. */
export type RenderLink = (props: AresLinkProps) => ReactElement;

/** An app's own class names, for single parts by their `data-ares-part`. */
export interface OwnClassNames<Part extends string> {
  classNames?: { readonly [P in Part]?: string } | undefined;
}

export interface OwnButton {
  /** Draws the buttons with an app's own component, such as `(props) => <Button {...props} />`. */
  renderButton?: RenderButton | undefined;
}

export interface OwnLink {
  /** Draws the link to the shop with an app's own component, such as `(props) => <Link {...props} />`. */
  renderLink?: RenderLink | undefined;
}

/** What names a part, for a stylesheet. */
export interface Part {
  "data-ares-part": string;
  className: string | undefined;
}

/** Names a part, with the app's class name. */
export const partsOf =
  <P extends string>(classNames: OwnClassNames<P>["classNames"]) =>
  (name: P): Part => ({ "data-ares-part": name, className: classNames?.[name] });

/** Draws a button. The second click of a double click does nothing: the user meant the button before. */
export function drawButton<
  P extends Omit<AresButtonProps, "type" | "dir" | "onClick" | "aria-disabled"> & {
    onClick: (() => unknown) | undefined;
    "aria-disabled"?: boolean;
  },
>(render: RenderButton | undefined, props: P): ReactElement {
  const act = props.onClick;
  // An app's own button may pass no event, or an event without a click count.
  const onClick =
    act && ((event?: { detail?: number }) => void (Number(event?.detail) > 1 || act()));
  const fixed = { type: "button", dir: "auto", onClick } as const;
  const all = { "aria-disabled": !act, ...props, ...fixed };
  return render ? render(all) : <button {...all} />;
}

/** Draws the link to the shop. */
export function drawLink(
  render: RenderLink | undefined,
  props: Omit<AresLinkProps, "dir" | "target" | "rel">,
): ReactElement {
  const fixed = { dir: "auto", target: "_blank", rel: "noopener noreferrer" } as const;
  const all = { ...props, ...fixed };
  return render ? render(all) : <a {...all} />;
}
