import { useState } from "react";
import type { Receipt } from "../../../client";
import { useAresUser } from "../../hooks/useAresUser";
import { codeInDevelopment } from "../../messages/errorTexts";
import { formatCredits } from "../../messages/format";
import { useAres } from "../../provider/context";
import { useMessages } from "../../provider/useMessages";
import type { UseAresUserResult } from "../../provider/userStore";
import { type AresGateState, priceOf } from "../state/gateState";
import { blockedBy, type GateWordFacts, type GateWords, gateWords, namesOf } from "./gateWords";
import { useLooks } from "./useAnnouncement";
import { useOnline, useSecondsUntil, useSlow } from "./waiting";
import { createWriter, type GateKey } from "./writeText";

/** What a gate says now, and what its buttons wait for. */
export interface GateSpeech {
  words: GateWords;
  /** Writes a text, with the amounts of the gate's state. */
  write: (key: GateKey | undefined) => string;
  /** Why a press that spends would do nothing now; empty without a reason. */
  blocked: string;
  /** For the app's developer: the code of what makes a gate unavailable. */
  code: string | undefined;
  label: string | undefined;
  price: string | undefined;
  /** The price that the press agreed to, where it is another one now. */
  former: number | undefined;
  /** Seconds until the server takes a press again. */
  seconds: number;
  isLooking: boolean;
  /** How many looks have ended that the user asked for. */
  rounds: number;
}

/** The words of a gate, from its state and from what this page knows: network, time, the user. */
export function useGateWords(
  state: AresGateState,
  own: { label: string | undefined; disabledReason?: string | undefined },
): GateSpeech {
  const { locale } = useAres();
  const messages = useMessages();
  const { status } = state;
  const label = own.label ?? state.label;
  const user = useAresUser({ enabled: status !== "entitled" });
  const isOffline = !useOnline();
  const isLooking = isLookedAt(state, isOffline, user);
  const { rounds, isChecked } = useLooks(isLooking, state.checks ?? 0);
  const seconds = useSecondsUntil(status === "not_charged" ? state.retryAt : undefined);
  const facts: GateWordFacts = {
    label,
    disabledReason: own.disabledReason,
    user: user.user?.email,
    left: useBalanceAfter(status === "unlocked" ? state.receipt : undefined, user),
    isOffline,
    isPaused: seconds > 0,
    isSlow: useSlow(status === "charging" || status === "loading"),
    isChecked,
  };
  const write = createWriter(messages, locale, namesOf(state, facts));
  const blocked = blockedBy(state, facts);
  const price = priceOf(state);
  return {
    words: gateWords(state, facts),
    write,
    blocked: typeof blocked === "object" ? blocked.own : write(blocked),
    code: status === "unavailable" ? codeInDevelopment(state.error) : undefined,
    label,
    price:
      price === undefined ? undefined : formatCredits(price, { messages, locale, round: "ceil" }),
    former: status === "price_changed" ? state.former : undefined,
    seconds,
    isLooking,
    rounds,
  };
}

/** True while a look is out that "Check again" stands for. */
function isLookedAt(state: AresGateState, isOffline: boolean, user: UseAresUserResult): boolean {
  switch (state.status) {
    case "unknown":
      return state.checking && !state.evidence.nextAt;
    case "locked": {
      const isUnread = state.balance === undefined && !isOffline;
      // A gate that never looks at `isFetching` does not render when a read begins or ends.
      return (isUnread || !!state.unread) && user.isFetching;
    }
    case "loading":
      return !!state.unread && user.isFetching;
    case "insufficient":
    case "unavailable":
      return user.isFetching;
    default:
      return false;
  }
}

/** The balance after a charge: the receipt's, or the first that was read after it, for as long as it is the balance. */
function useBalanceAfter(
  receipt: Receipt | undefined,
  user: UseAresUserResult,
): number | undefined {
  const [seen, setSeen] = useState<{ receipt: Receipt; since: number; left: number | undefined }>();
  if (
    receipt &&
    (seen?.receipt !== receipt || (seen.left === undefined && seen.since < user.updatedAt))
  )
    setSeen({
      receipt,
      since: user.updatedAt,
      left: seen?.receipt === receipt ? user.credits : receipt.balance,
    });
  const isRead = seen !== undefined && user.updatedAt > seen.since;
  const hasMoved = isRead && user.credits !== undefined && user.credits !== seen.left;
  return hasMoved ? undefined : seen?.left;
}
