import { Fragment, type ReactNode, useEffect, useState } from "react";
import type { Receipt } from "../../client";
import { useAresUser } from "../hooks/useAresUser";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useMessages } from "../provider/useMessages";
import type { UseAresUserResult } from "../provider/userStore";
import type { AresGateState } from "./gateState";
import { useOnline, useSecondsUntil, useSlow } from "./waiting";

/** The words of a gate and its two live regions. */
export function useGateWords(state: AresGateState, part: (name: "status" | "alert" | "detail") => object, options: GateWordsOptions) {
  const { locale } = useAres();
  const messages: Readonly<Record<string, string>> & ReturnType<typeof useMessages> = useMessages();
  const { status } = state;
  const user = useAresUser({ enabled: status !== "entitled" });
  const waiting = useSecondsUntil(status === "not_charged" ? state.retryAt : undefined);
  const slow = useSlow(status === "charging");
  const offline = !useOnline();
  const unread = status === "locked" && state.balance === undefined && !offline;
  // A gate that never looks at `isFetching` does not render when a read begins or ends.
  const looking = "checking" in state ? state.checking : (unread || "unread" in state || status === "insufficient") && user.isFetching;
  const rounds = useCompletions(looking);

  const left = useBalanceAfter(state, user);

  const values: Record<string, string | undefined> = { label: options.label, user: user.user?.email };
  for (const [key, amount] of Object.entries(amountsOf(state, left))) {
    const round = ["price", "credits"].includes(key) ? "ceil" : "floor";
    if (typeof amount === "number") values[key] = formatCredits(amount, { messages, locale, round });
  }
  const text = (key: string, whole?: boolean) => {
    const plain = options.label ? undefined : messages[`${key}_plain`];
    return fill(plain ?? messages[key] ?? "", values, whole);
  };

  // The dialog lies over the gate, so the gate keeps the words of `locked`.
  const otherUser = status === "not_charged" && state.error.code === "other_user";
  const shown = status === "confirming" ? "locked" : otherUser ? "other_user" : status;
  const failed = "failed" in state && state.failed;
  const blockedReason =
    ("unlock" in state || "retry" in state || "unread" in state || status === "confirming") &&
    (offline ? text("offline") : options.disabledReason || (waiting > 0 && text("wait")));
  const said = "unread" in state ? "unchecked" : "usedUp" in state ? "used_up" : shown;
  const first = failed ? "connect_failed" : status === "unlocked" && state.receipt.restored ? "restored" : said;
  const rest = text(`${shown}_more`, true) || text(`${shown}_some`, true);
  const more = blockedReason || (failed ? text(status) : (status !== "charging" || slow) && rest);
  const urgent = failed || "error" in state || ["reconnect", "insufficient", "price_changed"].includes(status);
  const live = state.used === true && (first !== "locked" || !!blockedReason);
  const news = (
    // A new key mounts the same words again, so that screen readers announce them after each check.
    <Fragment key={rounds}>
      {text(first)} {more && <span {...part("detail")}>{more}</span>}
    </Fragment>
  );

  return {
    text,
    looking,
    /** The reason why a spending press would do nothing now. */
    blockedReason,
    /** A verb and its price. The seconds are hidden from screen readers, which would read every change. */
    priced: (verb: ReactNode) => (
      // One element, or a button of an app that lays out its children would lose the spaces.
      <span>
        {verb}
        {values.price && (
          <>
            {" · "}
            <bdi>{values.price}</bdi>
          </>
        )}
        {waiting > 0 && (
          <span aria-hidden="true"> · {new Intl.NumberFormat(locale, { style: "unit", unit: "second" }).format(waiting)}</span>
        )}
      </span>
    ),
    price: values.price,
    /**
     * The words, and two live regions that are mounted empty so that changes are announced: role=status (polite) and
     * role=alert (assertive). Only a used gate speaks in them: a page with many gates would speak many times.
     * `silent` while another element speaks; the regions stay mounted for later words.
     */
    regions: (silent: boolean) => {
      const place = urgent ? "alert" : "status";
      const region = (name: "status" | "alert", role?: "status" | "alert") => {
        const here = !silent && place === name && live === !!role;
        return (
          <p role={role} tabIndex={here ? -1 : undefined} {...part(name)}>
            {here && news}
          </p>
        );
      };
      return (
        <>
          {!silent && !live && region(place)}
          {region("status", "status")}
          {region("alert", "alert")}
        </>
      );
    },
  };
}

export interface GateWordsOptions {
  label: string | undefined;
  disabledReason?: string | undefined;
}

/** Counts how often `busy` has ended. */
export function useCompletions(busy: boolean): number {
  const [rounds, setRounds] = useState(0);
  useEffect(() => (busy ? () => setRounds((last) => last + 1) : undefined), [busy]);
  return rounds;
}

/** The amounts that a text may name. A restored unlock spent nothing; a granted unlock may have spent nothing. */
function amountsOf(state: AresGateState, left: number | undefined): object {
  if (state.status === "unknown") return state.evidence;
  // ARES says that credits are missing, so an older balance is wrong.
  if (state.status === "insufficient" && state.missing === undefined) return { price: state.price };
  const paid = state.status === "unlocked" && !state.receipt.restored && !state.receipt.granted;
  return paid ? { ...state.receipt, balance: left } : state;
}

/** The balance after a charge: the receipt's, or the first that was read after it. A later charge does not change it. */
function useBalanceAfter(state: AresGateState, user: UseAresUserResult): number | undefined {
  const receipt = state.status === "unlocked" ? state.receipt : undefined;
  const [seen, setSeen] = useState<{ receipt: Receipt; since: number; left: number | undefined }>();
  const left = seen?.receipt === receipt ? seen?.left : undefined;
  if (receipt && left === undefined) {
    if (seen?.receipt !== receipt) setSeen({ receipt, since: user.updatedAt, left: receipt.balance });
    else if (seen.since < user.updatedAt && user.credits !== undefined) setSeen({ ...seen, left: user.credits });
  }
  return receipt?.balance ?? left;
}
