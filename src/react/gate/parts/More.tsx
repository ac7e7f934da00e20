import type { ReactNode } from "react";
import { briefTexts } from "../../messages/en";
import { createTexts } from "../../provider/useMessages";
import { Title } from "../words/Title";
import type { Told } from "../words/told";

/** One line, at most 280 px wide. The rest stands behind a button. Undefined is the page's own size. */
export interface OwnSize {
  /**
   * `small`: one line, at most 17.5rem wide, for a row, a cell or a toolbar. What was or may have been charged stays in
   * sight; what else there is to say opens over the page. @default the page's `--ares-text` and `--ares-space`
   */
  size?: "small" | undefined;
}

interface MoreProps {
  told: Told;
  part: (name: "more" | "popover" | "detail") => object;
  /** What the popover offers below its words. */
  children?: ReactNode;
}

const fullStop = /[.。]$/;

const useTexts = /* @__PURE__ */ createTexts(briefTexts);

/** A button with few words, which opens all of them over the page. The browser closes the popover and keeps the focus. */
export function More({
  told: { tone, money, title = "", inSight, details, isBalance },
  part,
  children,
}: MoreProps) {
  const { more } = useTexts();
  const brief = (money || inSight || title).replace(fullStop, "");
  if (!brief && !title && !details && !children) return null;
  return (
    <>
      <button
        type="button"
        dir="auto"
        data-tone={tone}
        data-money={money ? "" : undefined}
        data-balance={isBalance ? "" : undefined}
        aria-label={nameBeside(brief, inSight, title.replace(fullStop, "") || more)}
        {...part("more")}
      >
        {brief && <span>{brief}</span>}
      </button>
      {/* Spans, so that they may stand in a line of text. */}
      <span popover="auto" dir="auto" ref={openedByButton} {...part("popover")}>
        {title && (
          <strong data-ares-part="title">
            <Title part={part}>{title}</Title>
          </strong>
        )}{" "}
        {details && <span {...part("detail")}>{details}</span>}
        {children}
      </span>
    </>
  );
}

/** The name of a button whose words in sight do not say what the title does. */
function nameBeside(brief: string, inSight: string | undefined, heading: string) {
  if (inSight) return `${brief}, ${heading}`;
  return brief ? undefined : heading;
}

/** React 18 has no `popoverTarget`, and React 19 takes no other spelling. */
function openedByButton(popover: HTMLElement | null): void {
  const button = popover?.previousElementSibling;
  if (button instanceof HTMLButtonElement) button.popoverTargetElement = popover;
}

/** Which actions of a component stand in a place: in a small one the first in sight, and the others in its popover. */
export type Share = "all" | "first" | "others";

export function shareOf<T>(actions: readonly T[], share: Share): readonly T[] {
  switch (share) {
    case "all":
      return actions;
    case "first":
      return actions.slice(0, 1);
    case "others":
      return actions.slice(1);
  }
}
