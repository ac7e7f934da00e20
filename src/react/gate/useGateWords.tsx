import { Fragment, type ReactNode, useEffect, useState } from "react";
import { useAresUser } from "../hooks/useAresUser";
import { fill, formatCredits } from "../messages/format";
import { useAres } from "../provider/context";
import { useMessages } from "../provider/useMessages";
import type { AresGateState } from "./gateState";
import { useOnline, useSecondsUntil, useSlow } from "./waiting";

/** What a gate says by itself, and with which words. */
export function useGateWords(state: AresGateState, part: (name: "status" | "alert" | "detail") => object, options: GateWordsOptions) {
  const { locale } = useAres();
  const messages: Readonly<Record<string, string>> & ReturnType<typeof useMessages> = useMessages();
  const { status } = state;
  const user = useAresUser({ enabled: status !== "entitled" });
  const waiting = useSecondsUntil(status === "not_charged" ? state.retryAt : undefined);
  const slow = useSlow(status === "charging");
  const offline = !useOnline();
  const unread = status === "locked" && state.balance === undefined && !offline;
  const looking = "checking" in state ? state.checking : user.isFetching && (unread || status === "insufficient");
  const rounds = useCompletions(looking);

  const values: Record<string, string | undefined> = { label: options.label };
  for (const [key, amount] of Object.entries(amountsOf(state))) {
    const round = ["price", "credits"].includes(key) ? "ceil" : "floor";
    if (typeof amount === "number") values[key] = formatCredits(amount, { messages, locale, round });
  }
  const text = (key: string, whole?: boolean) => {
    const plain = options.label ? undefined : messages[`${key}_plain`];
    return fill(plain ?? messages[key] ?? "", values, whole);
  };

  // The question lies over the gate, which stays as it was.
  const shown = status === "confirming" ? "locked" : status;
  const failed = "failed" in state && state.failed;
  const blockedReason =
    ("unlock" in state || "retry" in state || status === "confirming") &&
    (offline ? text("offline") : options.disabledReason || (waiting > 0 && text("wait")));
  const first = failed ? "connect_failed" : status === "unlocked" && state.receipt.restored ? "restored" : shown;
  const rest = text(`${shown}_more`, true) || text(`${shown}_some`, true);
  const more = blockedReason || (failed ? text(status) : (status !== "charging" || slow) && rest);
  const urgent = failed || "error" in state || ["reconnect", "insufficient", "price_changed"].includes(status);
  const news = !options.silent && (
    // New words of the same kind, so that the same answer to another look is heard again.
    <Fragment key={rounds}>
      {text(first)} {more && <span {...part("detail")}>{more}</span>}
    </Fragment>
  );

  return {
    text,
    looking,
    /** Why a press that spends would do nothing now. */
    blockedReason,
    /** A verb, and what it costs. The seconds are for the eye alone: spoken, they would never end. */
    priced: (verb: ReactNode) => (
      <>
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
      </>
    ),
    price: values.price,
    /** Reads a balance that could not be read. */
    read: unread ? user.refetch : undefined,
    /** Two live regions, there before their words: one waits for its turn, the other interrupts. */
    regions: (
      <>
        <p role="status" tabIndex={!urgent && news ? -1 : undefined} {...part("status")}>
          {!urgent && news}
        </p>
        <p role="alert" tabIndex={urgent && news ? -1 : undefined} {...part("alert")}>
          {urgent && news}
        </p>
      </>
    ),
  };
}

export interface GateWordsOptions {
  label: string | undefined;
  disabledReason?: string | undefined;
  /** Something else speaks; the regions stay, for what comes after. */
  silent?: boolean | undefined;
}

/** Counts how often something has come to its end. */
export function useCompletions(busy: boolean): number {
  const [rounds, setRounds] = useState(0);
  useEffect(() => (busy ? () => setRounds((last) => last + 1) : undefined), [busy]);
  return rounds;
}

/** Every amount a text may name. A restored unlock spent nothing, and of a granted one nobody knows. */
function amountsOf(state: AresGateState): object {
  if (state.status === "unknown") return state.evidence;
  // ARES says that it is not enough, so what was read before is not what is there.
  if (state.status === "insufficient" && state.missing === undefined) return { price: state.price };
  return state.status === "unlocked" && !state.receipt.restored && !state.receipt.granted ? state.receipt : state;
}
