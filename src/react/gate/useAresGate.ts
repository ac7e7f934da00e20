import { useEffect, useMemo } from "react";
import { aresError, type ChargeHandle, type ChargeState, IDLE } from "../../client";
import { type UseAresPriceResult, usePrice } from "../hooks/useAresPrice";
import { useAresUser } from "../hooks/useAresUser";
import { delivered, useCharge } from "../hooks/useCharge";
import { useAres } from "../provider/context";
import { hintAtGate } from "../provider/mistakes";
import type { OutcomeListeners } from "../provider/outcome";
import type { Usage, UsageAndInput } from "../provider/register";
import { useKept, useSame } from "../provider/useStable";
import { type AresGateState, type GateFacts, gateState, priceOf } from "./state/gateState";
import { useChargeOnMount } from "./state/useChargeOnMount";
import { mustAsk, useGateActions } from "./state/useGateActions";
import { useClosedQuestion, useQuestion } from "./state/useQuestion";
import { useShopTrip } from "./state/useShopTrip";

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

/** What `useAresGate` charges for, and when. */
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
  const [handle, charge] = useCharge(options);
  return useGate(options, handle, charge, handle.charge);
}

interface HowToCharge {
  trigger?: "click" | "mount" | undefined;
  /** While the gate is still, its actions spend nothing. */
  still?: boolean;
}

/**
 * The gate of a charge that the caller holds. The charge, the user, the price and the question make the state; the actions
 * work on all four.
 *
 * `handle` stands for the user and for what is paid for: another user or resource is another object. `pay` takes the credits
 * that the user has agreed to, and keeps its identity. A caller whose own work charges does that work in it.
 */
export function useGate(
  options: GateOptions & HowToCharge,
  handle: Pick<ChargeHandle, "check" | "reset" | "keep">,
  held: ChargeState,
  pay: (credits: number) => unknown,
): AresGateState {
  const { usage, resource, trigger, confirmation = "never", entitled = false } = options;
  const { topUpUrl, connectFailed, session, labels, queryKey, client } = useAres();
  const charge = isUnlooked(held, resource) ? ASKING : held;
  const user = useAresUser({ enabled: !entitled });
  const input = useSame(options.input);
  const priced = useGatePrice(options, input);
  const question = useQuestion(handle);
  const trip = useShopTrip(handle, user);
  const still = options.still === true;
  const [actions, { used, checks }] = useGateActions({
    handle,
    charge,
    pay,
    user,
    // A listed price comes with the balance.
    readPrice: input !== undefined && priced.error ? priced.refetch : undefined,
    question,
    trip,
    confirmation,
    still,
  });

  const facts = useKept<GateFacts>({
    charge,
    user,
    priced,
    asked: question.asked,
    entitled,
    mistake: trigger === "mount" && resource === undefined ? NO_RESOURCE : undefined,
    signedIn: session === "signed_in",
    connectFailed,
    topUpUrl,
  });
  const label = labels?.[usage];
  const refused = charge.status === "not_charged";
  const state = useMemo(
    (): AresGateState => ({
      ...gateState(facts, actions),
      label,
      ...(used && { used, checks }),
      ...(refused && { refused }),
    }),
    [facts, actions, label, used, checks, refused],
  );

  useClosedQuestion(question, state.status);
  const isOnMount = trigger === "mount";
  const [, endpoint, userKey] = queryKey;
  useChargeOnMount(
    isOnMount && !still ? stateToCharge() : undefined,
    JSON.stringify([endpoint, userKey, usage, resource, input]),
    actions.unlock,
  );
  useEffect(() => {
    if (charge.status === "charged") delivered.add(charge);
    // A gate that charges on mount would charge again after a remount, so its unlock is kept for the life of the page.
    if (isOnMount) handle.keep();
    if (process.env.NODE_ENV !== "production") hintAtGate(usage, state, user.prices);
  });
  return state;

  /** The answer to a POST for a paid resource is "already paid". So a charge that needs no question waits for no look. */
  function stateToCharge(): AresGateState {
    if (charge !== ASKING || client.owner === undefined) return state;
    const unpaid = gateState({ ...facts, charge: IDLE }, actions);
    return mustAsk(confirmation, priceOf(unpaid)) ? state : unpaid;
  }
}

/** True before the first look: nobody knows yet whether the resource is paid. */
const isUnlooked = (held: ChargeState, resource: string | undefined): boolean =>
  held === IDLE && resource !== undefined;
const ASKING: ChargeState = { status: "idle", asking: true };

/** The price as it was read, or the app's own for servers that publish none. */
function useGatePrice(
  { usage, credits, entitled }: GateOptions,
  input: unknown,
): UseAresPriceResult {
  const read = usePrice({ usage, input, enabled: !entitled });
  const { refetch } = read;
  const given = useKept({ status: "ready" as const, price: credits, error: null, refetch });
  return read.price === undefined && credits !== undefined ? given : read;
}

const NO_RESOURCE = /* @__PURE__ */ aresError(
  "invalid_request",
  'ARES: trigger="mount" needs a resource, from the first render on. Nothing was charged.',
  false,
);
