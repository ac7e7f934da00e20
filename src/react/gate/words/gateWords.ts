import type { ChargeEvidence } from "../../../client";
import type { AresGateState } from "../state/gateState";
import type { GateKey, Named, TextKey } from "./writeText";

/** What the words of a state depend on beside the state. */
export interface GateWordFacts {
  /** The feature's name in the user's words. */
  label?: string | undefined;
  /** The app's reason why the gate can't be unlocked yet. */
  disabledReason?: string | undefined;
  /** The email of the signed-in user. */
  user?: string | undefined;
  /** The balance after the charge, once it is known. */
  left?: number | undefined;
  isOffline?: boolean;
  /** True until the server takes a press again. */
  isPaused?: boolean;
  /** True once the user has waited long in this state. */
  isSlow?: boolean;
  /** True when a look that the user asked for has just ended. */
  isChecked?: boolean;
}

/** What a gate says, by the keys of its texts. */
export interface GateWords {
  /** `alert`: something went wrong, or the user has to act first. */
  tone: "status" | "alert";
  heading?: GateKey | undefined;
  details: readonly GateKey[];
  /** Follows once it is known: what is left after a charge, or that a look has ended. */
  last?: GateKey | undefined;
  /** Said politely beside an alert that stays. */
  aside?: GateKey | undefined;
}

/** Decides what a gate says in a state. A pure function. Where `blockedBy` gives a reason, the reason replaces the details; only `uncharged` stays. */
// biome-ignore lint/complexity/noExcessiveCognitiveComplexity: a table, and each case is one state.
export function gateWords(state: AresGateState, facts: GateWordFacts): GateWords {
  const uncharged: GateKey[] = state.refused ? ["uncharged"] : [];
  // Beside "We could not check" it would say the opposite: the balance was read, and the charge was not.
  const isUnread = "unread" in state && state.unread !== undefined;
  const last: GateKey | undefined = facts.isChecked && !isUnread ? "checked" : undefined;
  switch (state.status) {
    case "loading":
      return {
        tone: "status",
        heading: state.unread ? "unchecked" : "loading",
        details: facts.isSlow ? [...uncharged, "loading_more"] : [],
        last,
      };

    case "signed_out":
      // The button says it, where the app has brought one.
      return {
        tone: "status",
        heading: state.signIn ? undefined : "signed_out",
        details: uncharged,
        last,
      };

    case "not_connected":
      if (state.failed)
        return { tone: "alert", heading: "connect_failed", details: ["not_connected"], last };
      return {
        tone: "status",
        heading: state.connect ? undefined : "not_connected",
        details: uncharged,
        last,
      };

    case "reconnect":
      if (state.failed)
        return { tone: "alert", heading: "connect_failed", details: ["reconnect"], last };
      if (state.refused) return { tone: "alert", heading: "reconnect", details: uncharged, last };
      if (!state.reconnect) return { tone: "status", heading: "reconnect", details: [], last };
      // The page's balance may say it for all gates.
      return { tone: "status", details: ["reconnect"], last };

    case "locked":
      return {
        tone: "status",
        heading: lastCharge(state) ?? "locked",
        details: [...uncharged, balanceText(state)],
        last,
      };

    case "confirming":
      // The dialog lies over the gate, so the gate keeps the words of `locked`.
      return {
        tone: "status",
        heading: "locked",
        details: [...uncharged, balanceText(state)],
        last,
      };

    case "charging":
      return {
        tone: "status",
        heading: "charging",
        details: facts.isSlow ? stillCharging(state.stored) : [],
        last,
      };

    case "unlocked":
      // Nobody asked: the feature alone is answer enough.
      if (state.receipt.restored)
        return { tone: "status", heading: state.used ? "restored" : undefined, details: [] };
      if (!saysCost(state)) return { tone: "status", heading: "unlocked", details: [] };
      return {
        tone: "status",
        heading: "unlocked",
        details: state.receipt.credits === undefined ? [] : ["unlocked_some"],
        last: facts.left === undefined ? undefined : "unlocked_left",
      };

    case "insufficient":
      return {
        tone: "alert",
        heading: lastCharge(state) ?? "insufficient",
        details: [...uncharged, ...shortfall(state)],
        last,
      };

    case "price_changed":
      return {
        tone: "alert",
        heading: "price_changed",
        details: state.former === undefined ? uncharged : [...uncharged, "price_changed_more"],
        last,
      };

    case "not_charged":
      if (state.error.code === "other_user")
        return {
          tone: "alert",
          heading: "other_user",
          details: facts.user ? ["other_user_more"] : [],
          last,
        };
      if (state.error.code === "paused")
        return { tone: "alert", heading: "paused", details: [], last };
      return { tone: "alert", heading: "not_charged", details: ["uncharged"], last };

    case "unknown":
      return {
        tone: "alert",
        heading: "unknown",
        details: unconfirmed(state.evidence),
        aside: last,
      };

    case "unavailable":
      return { tone: "alert", heading: "unavailable", details: ["uncharged"], last };

    case "entitled":
      return { tone: "status", details: [] };
  }
}

/** The few words for texts on money. */
const briefs: { readonly [key in TextKey]?: GateKey } = {
  uncharged: "uncharged_brief",
  connect_failed: "uncharged_brief",
  rate_limited: "uncharged_brief",
  paused: "uncharged_brief",
  auth_unavailable: "uncharged_brief",
  price_changed_unread: "uncharged_brief",
  unknown_risk: "risk_brief",
  perhaps_charged: "risk_brief",
  in_progress: "risk_brief",
  not_sent: "risk_brief",
  failed_paid: "paid_brief",
  unlocked_some: "unlocked_some",
};

/** What a small gate or notice says of the money; undefined where its words say nothing of it. A pure function. */
export function moneyBrief({
  heading,
  details,
}: {
  heading?: TextKey | undefined;
  details: readonly TextKey[];
}): GateKey | undefined {
  const keys = heading ? [heading, ...details] : details;
  return keys.map((key) => briefs[key]).find(Boolean);
}

/** Why a press that spends would do nothing now: a text of the kit, or the app's own reason. */
export function blockedBy(
  state: AresGateState,
  facts: GateWordFacts,
): GateKey | { own: string } | undefined {
  if (!isForSale(state)) return undefined;
  if (facts.isOffline) return "offline";
  if (facts.disabledReason) return { own: facts.disabledReason };
  return facts.isPaused ? "wait" : undefined;
}

/** True where a press would spend, or would once it is known whether the resource is paid. */
function isForSale(state: AresGateState): boolean {
  switch (state.status) {
    case "locked":
    case "confirming":
    case "price_changed":
    case "not_charged":
      return true;
    case "loading":
    case "insufficient":
      return state.unread !== undefined;
    default:
      return false;
  }
}

/** The verb of the button that spends. */
export function verbOf(state: AresGateState, label: string | undefined): GateKey {
  // A press of the user before is not the new user's to try again.
  if (state.status === "not_charged" && state.error.code !== "other_user") return "retry";
  return label ? "unlock" : "unlock_plain";
}

/** The amounts and names that the texts of a state may name. */
export function namesOf(state: AresGateState, { label, user, left }: GateWordFacts): Named {
  const names = { label, user };
  switch (state.status) {
    case "locked":
      return { ...names, price: state.price, balance: state.balance };
    case "confirming":
      return { ...names, price: state.price, balance: state.balance, after: state.after };
    case "signed_out":
    case "not_connected":
    case "reconnect":
    case "charging":
    case "not_charged":
      return { ...names, price: state.price };
    case "unlocked":
      return saysCost(state) ? { ...names, credits: state.receipt.credits, balance: left } : names;
    case "insufficient":
      return { ...names, price: state.price, balance: state.balance, missing: state.missing };
    case "price_changed":
      return { ...names, price: state.price, balance: state.balance, former: state.former };
    case "unknown":
      return { ...names, ...amountsOf(state.evidence) };
    default:
      return names;
  }
}

export const amountsOf = ({ before, after, credits }: ChargeEvidence): Named => ({
  before,
  after,
  credits,
});

/** True for the gate that says a charge's cost: the pressed one, of all that show the charge. A restored unlock cost nothing. */
export const saysCost = (state: AresGateState): boolean =>
  state.status === "unlocked" && state.used === true && !state.receipt.restored;

/** What the last charge left to say before anything else. */
function lastCharge({
  unread,
  usedUp,
}: {
  unread?: unknown;
  usedUp?: boolean;
}): GateKey | undefined {
  if (unread) return "unchecked";
  return usedUp ? "used_up" : undefined;
}

function balanceText({ price, balance }: Pick<Named, "price" | "balance">): GateKey {
  if (balance !== undefined) return "locked_more";
  return price === undefined ? "locked_none" : "locked_some";
}

const stillCharging = (stored: boolean | undefined): GateKey[] =>
  stored === false ? ["charging_more", "unstored"] : ["charging_more"];

/** What is missing, as far as it is known. */
export function shortfall({
  price,
  balance,
  missing,
}: Pick<Named, "price" | "balance" | "missing">): GateKey[] {
  if (price === undefined) return [];
  if (balance === undefined) return ["insufficient_more"];
  return missing === undefined ? ["insufficient_but"] : ["insufficient_more", "locked_more"];
}

/** What is known of an unconfirmed charge, and whether the page may be left. */
export function unconfirmed({ before, after, stored }: ChargeEvidence): GateKey[] {
  const keeps = stored === false ? "unstored" : "stored";
  return before === undefined || after === undefined
    ? ["unknown_risk", keeps]
    : ["unknown_risk", "unknown_more", keeps];
}
