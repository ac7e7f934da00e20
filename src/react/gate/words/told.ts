import type { AresGateState } from "../state/gateState";
import { moneyBrief, saysCost } from "./gateWords";
import type { GateSpeech } from "./useGateWords";

/** What a small component says: few words in sight, and all of them in its popover. */
export interface Told {
  /** `paid`: the words say what was charged. */
  tone: "status" | "alert" | "paid";
  /** What the words say of the money, in few words. It is never cut. */
  money?: string | undefined;
  title?: string | undefined;
  /** Stands in sight in place of the title, which may be said beside it already. @default the title */
  inSight?: string | undefined;
  details?: string | undefined;
  /** True for a balance and nothing else, which a page with a `CreditBalance` shows there. */
  isBalance?: boolean | undefined;
}

/** What a small gate says. While a press is worked on or the account is read, its button says that. */
export function toldOf(gate: AresGateState, speech: GateSpeech): Told {
  const { words, write, blocked } = speech;
  const isSaidByButton = gate.status === "charging" || (gate.status === "loading" && !gate.unread);
  const heading = isSaidByButton ? "" : write(words.heading);
  const title = heading || blocked;
  return {
    tone: saysCost(gate) ? "paid" : words.tone,
    money: write(moneyBrief(words)),
    title,
    inSight: inSightOf(gate, speech, title),
    details: [detailsOf(speech), write(words.last ?? words.aside)]
      .filter((text) => text && text !== title)
      .join(" "),
    isBalance: isBalance(speech) && !heading,
  };
}

/** The words beside a small gate's button. The link to the shop says what is short, and not which feature it is for. */
function inSightOf(gate: AresGateState, { label = "" }: GateSpeech, title: string): string {
  if (gate.status === "insufficient" && !gate.unread) return label;
  // The button says what to do.
  return gate.status === "reconnect" ? "" : title;
}

/** What blocks a press stands in the place of the details. That nothing was charged stays said. */
export function detailsOf({ blocked, code, words, write }: GateSpeech): string {
  const kept = blocked ? words.details.filter((key) => key === "uncharged") : words.details;
  return [...kept.map(write), blocked, code].filter(Boolean).join(" ");
}

/** True where the details are a balance and nothing else. */
export function isBalance({ words, blocked }: GateSpeech): boolean {
  const [detail, ...more] = words.details;
  const isAmount = detail === "locked_more" || detail === "locked_some";
  return isAmount && more.length === 0 && !blocked;
}
