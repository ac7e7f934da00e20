import { Fragment, type ReactNode, useState } from "react";
import type { ChargeEvidence, Receipt } from "../../../client";
import type { AresError } from "../../../contract";
import { useAresUser } from "../../hooks/useAresUser";
import { fill, formatCredits, stopBetween } from "../../messages/format";
import { useAres } from "../../provider/context";
import { useMessages } from "../../provider/useMessages";
import type { UseAresUserResult } from "../../provider/userStore";
import type { AresGateState } from "../state/gateState";
import { useCompletions, useNews, useOnline, useSecondsUntil, useSlow } from "./waiting";

/** The words of a gate and its two live regions. */
export function useGateWords(
  state: AresGateState,
  part: (name: "status" | "alert" | "detail") => object,
  options: GateWordsOptions,
) {
  const { locale } = useAres();
  const messages: Readonly<Record<string, string>> & ReturnType<typeof useMessages> = useMessages();
  const told: Told = state;
  const { status, evidence, receipt, error, unread, failed } = told;
  const label = options.label ?? state.label;
  const user = useAresUser({ enabled: status !== "entitled" });
  // A restored unlock spent nothing, and of all gates that show a charge the pressed one says its cost.
  const isPaid = receipt && state.used && !receipt.restored;
  const waiting = useSecondsUntil(told.retryAt);
  const waits = status === "charging" || status === "loading";
  const slow = useSlow(waits);
  const offline = !useOnline();
  const unknown = status === "locked" && told.balance === undefined && !offline;
  // A gate that never looks at `isFetching` does not render when a read begins or ends.
  const looking = evidence
    ? !!told.checking && !evidence.nextAt
    : (unknown || !!unread || status === "insufficient") && user.isFetching;
  const [rounds, recent] = useCompletions(looking, state.checks ?? 0);

  const [asked, setAsked] = useState<number | undefined>(-1);
  const left = useBalanceAfter(receipt, user);

  const values: Record<string, string | undefined> = {
    label,
    user: user.user?.email,
    link: messages.topUp,
  };
  const amounts: object = isPaid
    ? { ...receipt, balance: left }
    : (evidence ?? (receipt ? {} : state));
  for (const [key, amount] of Object.entries(amounts)) {
    const round = ["price", "former", "credits", "missing"].includes(key) ? "ceil" : "floor";
    if (typeof amount === "number")
      values[key] = formatCredits(amount, { messages, locale, round });
  }
  const text = (key: string, whole?: boolean) => {
    const plain = label ? undefined : messages[`${key}_plain`];
    return fill(plain ?? messages[key] ?? "", values, whole);
  };

  // The dialog lies over the gate, so the gate keeps the words of `locked`.
  const isOthers = error?.code === "other_user";
  const shown = status === "confirming" ? "locked" : isOthers ? "other_user" : status;
  const blockedReason =
    ("unlock" in state || "retry" in state || unread || status === "confirming") &&
    (offline ? text("offline") : options.disabledReason || (waiting > 0 && text("wait")));
  const said = unread ? "unchecked" : told.usedUp ? "used_up" : shown;
  const first = failed ? "connect_failed" : receipt?.restored ? "restored" : said;
  const rest =
    text(`${shown}_more`, true) || text(`${shown}_but`, true) || text(`${shown}_some`, true);
  const keeps = (evidence ?? told).stored === false ? text("unstored") : evidence && text("stored");
  const uncharged = state.refused && !error && text("uncharged");
  const more =
    blockedReason ||
    (failed
      ? text(status)
      : (!waits || slow) && [uncharged, rest, keeps].filter(Boolean).join(" "));
  const urgent = failed || error || ["reconnect", "insufficient", "price_changed"].includes(status);
  const checked = recent && text("checked");
  // An unlock is told once. The balance follows when it is read.
  const last = receipt ? text("unlocked_left", true) : !evidence && checked;
  const live = useNews(
    first === "locked" && !blockedReason ? "" : text(first) + more + last,
    state.used,
    failed,
  );
  const news = (
    // A new key mounts the same words again, so that screen readers announce them after each check.
    <Fragment key={evidence || receipt ? 0 : rounds}>
      {text(first)}
      {waits && more && stopBetween(text(first), more)}{" "}
      {more && (
        // The stylesheet hides a balance that another component shows.
        <span
          {...part("detail")}
          data-balance={
            (shown === "locked" && more === rest && (text(first) ? "more" : "all")) || undefined
          }
        >
          {more}
        </span>
      )}
      {last && <span {...part("detail")}> {last}</span>}
    </Fragment>
  );

  return {
    text,
    looking,
    /** True while the user is asked whether to give an unknown charge up. */
    isAsked: evidence !== undefined && asked === evidence.sentAt,
    ask(is: boolean, act?: () => void) {
      setAsked(is ? evidence?.sentAt : -1);
      act?.();
    },
    /** The reason why a spending press would do nothing now. */
    blockedReason,
    /** A verb and its price. The seconds are hidden from screen readers, which would read every change. */
    priced: (verb: ReactNode) => (
      // One element, or a button of an app that lays out its children would lose the spaces.
      <span>
        {verb}
        {values.price && dotted(<bdi>{values.price}</bdi>)}
        {waiting > 0 &&
          dotted(
            new Intl.NumberFormat(locale, { style: "unit", unit: "second" }).format(waiting),
            true,
          )}
      </span>
    ),
    price: values.price,
    /** The verb of the button that spends. A press of the user before is not the new user's to try again. */
    verb: text(shown === "not_charged" ? "retry" : "unlock"),
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
          <p
            role={role}
            // Each part of the news is said once, when it comes.
            aria-atomic={role === "alert"}
            data-paid={isPaid}
            tabIndex={here ? -1 : undefined}
            {...part(name)}
          >
            {here ? news : role === "status" && evidence && checked}
          </p>
        );
      };
      return (
        <>
          {!silent && !live && region(place)}
          {region("alert", "alert")}
          {region("status", "status")}
        </>
      );
    },
  };
}

export interface GateWordsOptions {
  label: string | undefined;
  disabledReason?: string | undefined;
}

/** What the states tell, where they tell it. */
export interface Told {
  status: AresGateState["status"];
  evidence?: ChargeEvidence;
  receipt?: Receipt;
  keep?: () => void;
  error?: AresError;
  unread?: AresError;
  failed?: boolean;
  retryAt?: number | undefined;
  balance?: number | undefined;
  checking?: boolean;
  usedUp?: boolean;
  stored?: boolean | undefined;
}

/** What follows a verb, behind a dot. */
const dotted = (fact: ReactNode, hidden?: boolean) => (
  <>
    {" "}
    <span aria-hidden={hidden}>
      {"· "}
      {fact}
    </span>
  </>
);

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
