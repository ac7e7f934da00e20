import { useEffect, useMemo, useRef, useState } from "react";
import { aresError, type ChargeHandle, type ChargeState, IDLE, listen } from "../../client";
import { usePrice } from "../hooks/useAresPrice";
import { useAresUser } from "../hooks/useAresUser";
import { delivered, useCharge } from "../hooks/useCharge";
import { useAres } from "../provider/context";
import { hintAtGate } from "../provider/mistakes";
import type { OutcomeListeners } from "../provider/outcome";
import type { Usage, UsageAndInput } from "../provider/register";
import { useKept, useSame } from "../provider/useStable";
import { type AresGateState, type GateActions, gateState } from "./state/gateState";

/** What every gate may be given, however it charges. */
export interface GateOptions extends OutcomeListeners {
  /** The priced thing, by its name in `definePrices`. */
  usage: Usage;
  /** What exactly is paid for: charged once per user, usage and resource. Without a resource an unlock lasts until the gate unmounts. */
  resource?: string | undefined;
  /** What a quoted price follows from: plain JSON, at most 512 bytes. Another input is another charge. */
  input?: unknown;
  /** The price, for servers that publish none, such as the partner guide's own route. */
  credits?: number | undefined;
  /** When to ask before a charge: `always`, or from this many credits on. @default "never" */
  confirmation?: "never" | "always" | number | undefined;
  /** Opens the gate with no charge, for a subscriber. @default false */
  entitled?: boolean | undefined;
}

export interface ChargesOnClick {
  /** Charges when the user presses. With `mount` the gate charges once without a press, and needs a `resource`. @default "click" */
  trigger?: "click" | undefined;
}

export interface ChargesOnMount {
  /**
   * Charges once without a press. Without a `resource` the gate is unavailable and charges nothing. Another `input` is another
   * charge, so never bind an input here to what a user types.
   */
  trigger: "mount";
  /** What exactly is paid for: charged once per user, usage and resource, also after a remount. */
  resource: string;
}

export type UseAresGateOptions = GateOptions & UsageAndInput & (ChargesOnClick | ChargesOnMount);

/**
 * Gives the state of a paid feature, with the user's actions in that state.
 *
 * Render the feature only in `unlocked` and `entitled`. Protect everything that costs money on the server too: a gate
 * in a browser is not a lock.
 *
 * @example
 * const gate = useAresGate({ usage: "report", resource: id });
 * if (gate.status === "unlocked") return <Report />;
 * return <><AresGateStatus gate={gate} /><AresGateActions gate={gate} /></>;
 */
export function useAresGate(options: UseAresGateOptions): AresGateState {
  return useGate(options, ...useCharge(options));
}

/** The gate of a charge that the caller holds. While the gate is `still`, its actions spend nothing. */
export function useGate(
  options: GateOptions & { trigger?: "click" | "mount" | undefined; still?: boolean },
  handle: ChargeHandle,
  held: ChargeState,
): AresGateState {
  const {
    usage,
    resource,
    credits,
    trigger,
    confirmation = "never",
    entitled = false,
    still,
  } = options;
  const ares = useAres();
  const { client, queryKey, session, connectFailed, topUpUrl } = ares;
  const user = useAresUser({ enabled: !entitled });
  // Before the first look nobody knows whether the resource is paid.
  const charge = held === IDLE && resource !== undefined ? ASKING : held;
  const [question, setQuestion] = useState<{ handle: ChargeHandle; price: number | undefined }>();
  // User and resource are part of the question: another user or resource has not been asked.
  const asked = question?.handle === handle ? question : undefined;
  const [checks, setChecks] = useState(0);
  // Another user or resource was not pressed here; only the last user's refusal is still told. `atShop`: the user went to the shop, and has not paid since.
  const [pressed, setPressed] = useState<{ handle: ChargeHandle; atShop?: boolean }>();
  const refusal = charge.status === "not_charged" && charge.error.code;
  const press = pressed?.handle === handle || refusal === "other_user" ? pressed : undefined;
  const isAway = press?.atShop === true;
  // A shop in a window of its own hides no page, so nothing else would read the balance.
  useEffect(
    () => (isAway ? listen(["focus"], () => void (user.isFetching || user.refetch())) : undefined),
    [isAway, user],
  );
  const input = useSame(options.input);
  const read = usePrice({ usage, input, enabled: !entitled });
  const given = useKept({ status: "ready" as const, price: credits, error: null });
  const priced = read.price === undefined && credits !== undefined ? given : read;
  // Nothing would tell a remount from a new purchase.
  const mistake = trigger === "mount" && resource === undefined ? NO_RESOURCE : undefined;
  const signedIn = session === "signed_in";
  const facts = useKept({
    priced,
    entitled,
    mistake,
    asked,
    topUpUrl,
    connectFailed,
    signedIn,
    user,
    charge,
  });
  const [state, actions] = useMemo((): [AresGateState, GateActions] => {
    const using = <A extends unknown[]>(act: (...args: A) => void) => {
      return (...args: A) => {
        setPressed({ ...press, handle });
        act(...args);
      };
    };
    const spending: typeof using = (act) => (still ? () => {} : using(act));
    const pay = (price: number | undefined) => {
      setQuestion(undefined);
      setPressed({ handle });
      // A user who saw no price has agreed to none. With 0 the server answers its price instead of charging.
      void handle.charge(price ?? 0);
    };
    const actions: GateActions = {
      signIn: ares.signIn && using(ares.signIn),
      connect: ares.connect && using(ares.connect),
      reconnect: ares.reconnect && using(ares.reconnect),
      pay: spending(pay),
      unlock: spending((price) =>
        asks(confirmation, price) ? setQuestion({ handle, price }) : pay(price),
      ),
      cancel: () => setQuestion(undefined),
      topUp: () => setPressed({ handle, atShop: true }),
      check: using(() => {
        setChecks((last) => last + 1);
        // A refusal is no open charge, so there is nothing to read but the balance.
        if (refusal) handle.reset();
        else void handle.check();
        if (charge.status !== "unknown") void user.refetch();
      }),
      reset: using(handle.reset),
      keep: handle.keep,
    };
    const here = {
      ...(press && { used: true, checks }),
      ...(refusal && { refused: true }),
    };
    return [{ ...gateState(facts, actions), label: ares.labels?.[usage], ...here }, actions];
  }, [facts, ares, user, charge, refusal, usage, handle, confirmation, press, checks, still]);

  // When another state replaces the question, the question is over. Otherwise the dialog would open again by itself.
  const over = question !== undefined && state.status !== "confirming";
  useEffect(() => {
    if (over) setQuestion(undefined);
  }, [over]);

  useEffect(() => {
    if (process.env.NODE_ENV !== "production") hintAtGate(usage, state, user.prices);
    if (charge.status === "charged") delivered.add(charge);
    // `trigger="mount"` would charge again after a remount, so the unlock is kept for the life of the page.
    if (trigger === "mount") handle.keep();
  });

  // Charges once for each user, usage and resource, also after a remount.
  const who = JSON.stringify([queryKey[1], queryKey[2], usage, resource, input]);
  const tried = useRef<unknown>(undefined);
  // The answer to a POST for a paid resource is "already paid", so a known price needs no look.
  const early = charge === ASKING && client.owner() !== undefined;
  const due = early ? gateState({ ...facts, charge: IDLE }, actions) : state;
  const ask = asks(confirmation, "price" in due ? due.price : undefined);
  const goes =
    trigger === "mount" && !still && due.status === "locked" && !due.unread && !(early && ask);
  const price = goes ? (due.price ?? 0) : undefined;
  useEffect(() => {
    if (price === undefined || tried.current === who) return;
    // Nobody sees a hidden or prerendered page, so nothing is charged.
    const start = () => {
      if (document.visibilityState === "hidden" || tried.current === who) return;
      tried.current = who;
      setPressed({ handle });
      if (ask) setQuestion({ handle, price: price || undefined });
      else void handle.charge(price);
    };
    start();
    return listen(["visibilitychange"], start);
  }, [price, handle, who, ask]);

  return state;
}

function asks(confirmation: GateOptions["confirmation"], price: number | undefined): boolean {
  return (
    confirmation === "always" ||
    (typeof confirmation === "number" && (price ?? confirmation) >= confirmation)
  );
}

const NO_RESOURCE = /* @__PURE__ */ aresError(
  "invalid_request",
  'ARES: trigger="mount" needs a resource, from the first render on. Nothing was charged.',
  false,
);
const ASKING: ChargeState = { status: "idle", asking: true };
