import { useState } from "react";
import { lookTexts } from "../../messages/en";
import { createTexts } from "../../provider/useMessages";
import { type Looks, useLooks } from "../words/useAnnouncement";
import { drawButton, type Part, type RenderButton } from "./looks";

interface CheckAgainProps {
  /** What the user looks for: a charge, credits that were bought, or what could not be read. */
  after: "unknown" | "topUp" | "unread";
  part: Part;
  isLooking: boolean;
  onCheck: (() => void) | undefined;
  renderButton: RenderButton | undefined;
}

const useTexts = /* @__PURE__ */ createTexts(lookTexts);
const verbs = { unknown: "check", topUp: "topped_up", unread: "retry" } as const;

/** The button that looks again: at a charge, or at the balance. It never charges. */
export function CheckAgain({ after, part, isLooking, onCheck, renderButton }: CheckAgainProps) {
  const { [verbs[after]]: check, checking } = useTexts();
  return drawButton(renderButton, {
    ...part,
    "aria-busy": isLooking,
    // The room of both labels: a longer label moves nothing.
    "data-room": isLooking ? check : checking,
    onClick: onCheck,
    children: isLooking ? checking : check,
  });
}

/** The looks of a component that has no gate to count the presses. */
export function useOwnLooks(isLooking: boolean): Looks & { ask: () => void } {
  const [wishes, setWishes] = useState(0);
  const looks = useLooks(isLooking, wishes);
  return { ...looks, ask: () => setWishes((last) => last + 1) };
}
