import { useMemo, useState } from "react";
import type { ChargeHandle, ChargeState } from "../../../client";
import { useAres } from "../../provider/context";
import type { UseAresUserResult } from "../../provider/userStore";
import type { GateActions } from "./gateState";
import type { Question } from "./useQuestion";
import type { ShopTrip } from "./useShopTrip";

/** When to ask before a charge: never, always, or from this many credits on. */
export type Confirmation = "never" | "always" | number;

/** What the actions of a gate work on. */
export interface Purchase {
  handle: Pick<ChargeHandle, "check" | "reset" | "keep">;
  charge: ChargeState;
  /** Takes credits, once the user has agreed to their number. Must keep its identity. */
  pay: (credits: number) => unknown;
  user: UseAresUserResult;
  /** Reads a quoted price again, where it could not be read. */
  readPrice: (() => unknown) | undefined;
  question: Question;
  trip: ShopTrip;
  confirmation: Confirmation;
  /** While the gate is still, its actions spend nothing. */
  still: boolean;
}

/** Which actions of a gate the user has pressed. */
export interface Presses {
  /** True after the first press. */
  used: boolean;
  /** How often the user has asked for a look. */
  checks: number;
}

/**
 * What the actions of a gate do, and whether the user has pressed one. The actions keep their identity until a
 * charge is refused or unconfirmed, or a price can't be read.
 */
export function useGateActions(purchase: Purchase): [actions: GateActions, presses: Presses] {
  const { handle, charge, pay, user, readPrice, question, trip, confirmation, still } = purchase;
  const { signIn, connect, reconnect } = useAres();
  const { refetch } = user;
  const { ask, close } = question;
  const isRefused = charge.status === "not_charged";
  const isUnknown = charge.status === "unknown";
  const [pressed, setPressed] = useState<object>();
  const [checks, setChecks] = useState(0);

  const actions = useMemo((): GateActions => {
    const used = <A extends unknown[]>(act: (...args: A) => void) => {
      return (...args: A) => {
        setPressed(handle);
        act(...args);
      };
    };
    const spending: typeof used = (act) => (still ? () => {} : used(act));
    const spend = (price: number | undefined) => {
      close();
      trip.end();
      // A user who saw no price has agreed to none. With 0 the server answers its price instead of charging.
      void pay(price ?? 0);
    };
    return {
      signIn: signIn && used(signIn),
      connect: connect && used(connect),
      reconnect: reconnect && used(reconnect),
      pay: spending(spend),
      unlock: spending((price) => {
        if (mustAsk(confirmation, price)) ask(price);
        else spend(price);
      }),
      cancel: close,
      topUp: used(trip.begin),
      check: used(() => {
        setChecks((last) => last + 1);
        // A refusal is no open charge, so there is nothing to read but the balance and the price.
        if (isRefused) handle.reset();
        else void handle.check();
        if (!isUnknown) void refetch();
        readPrice?.();
      }),
      reset: used(handle.reset),
      keep: handle.keep,
    };
  }, [
    handle,
    pay,
    refetch,
    readPrice,
    ask,
    close,
    trip,
    confirmation,
    still,
    isRefused,
    isUnknown,
    signIn,
    connect,
    reconnect,
  ]);

  // Another user or resource was not pressed here; only the last user's refusal is still told.
  const isOfLastUser = isRefused && charge.error.code === "other_user";
  const used = pressed === handle || (pressed !== undefined && isOfLastUser);
  return [actions, useMemo(() => ({ used, checks }), [used, checks])];
}

/** True where the user is asked before a charge at this price. An unknown price may be any. */
export function mustAsk(confirmation: Confirmation, price: number | undefined): boolean {
  if (confirmation === "never") return false;
  if (confirmation === "always") return true;
  return (price ?? confirmation) >= confirmation;
}
