import type { AresGateState } from "../state/gateState";
import { moneyBrief, saysCost } from "./gateWords";
import type { GateSpeech } from "./useGateWords";
import type { GateKey } from "./writeText";

/** What a small component says: few words in sight, and all of them in its popover. */
export interface Told {
  /** `paid`: the words say what was charged. */
  tone: "status" | "alert" | "paid";
  /** What the words say of the money, in few words. It is never cut. */
  money?: string | undefined;
  title?: string | undefined;
  /** Stands in sight in place of the title. @default the title */
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
  const { own, evidence, balance } = detailsOf(speech);
  return {
    tone: saysCost(gate) ? "paid" : words.tone,
    money: write(moneyBrief(words)),
    title,
    // Beside the link to the shop: which feature is short of credits.
    inSight: gate.status === "insufficient" && !gate.unread ? speech.label : undefined,
    details: sentence(
      own === title ? "" : own,
      evidence,
      balance,
      write(words.last ?? words.aside),
    ),
    isBalance: balance !== "" && !own && !heading,
  };
}

/** What a gate says below its heading. */
interface Details {
  own: string;
  /** What the evidence of a charge says too, where the gate shows it: the stylesheet hides it there. */
  evidence: string;
  /** What the page's balance says too, where the page shows one: the stylesheet hides it there. */
  balance: string;
}

/** What blocks a press stands in the place of the details. That nothing was charged stays said. */
export function detailsOf({ blocked, code, words, write }: GateSpeech): Details {
  const kept = blocked ? words.details.filter((key) => key === "uncharged") : words.details;
  const own = kept.filter((key) => !ofEvidence.includes(key) && !ofBalance.includes(key));
  const evidence = kept.filter((key) => ofEvidence.includes(key));
  const balance = kept.filter((key) => ofBalance.includes(key));
  return {
    own: sentence(...own.map(write), blocked, code),
    evidence: sentence(...evidence.map(write)),
    balance: sentence(...balance.map(write)),
  };
}

const ofEvidence: readonly GateKey[] = ["unknown_more"];
const ofBalance: readonly GateKey[] = ["locked_more", "locked_some", "loading_more", "reconnect"];

export const sentence = (...texts: readonly (string | undefined)[]): string =>
  texts.filter(Boolean).join(" ");
