import { useInsertionEffect, useMemo, useRef, useState } from "react";
import {
  aresError,
  type ChargeHandle,
  type ChargeState,
  type ChargeTarget,
  type Receipt,
  within,
} from "../../client";
import { isAresError } from "../../contract";
import { useAres } from "../provider/context";
import { type OutcomeListeners, tellOutcome } from "../provider/outcome";
import { quoteQuery, userQuery } from "../provider/queries";
import type { Usage, UsageInput } from "../provider/register";
import { isSameInput, shownQuotesOf } from "../provider/shownQuotes";
import { useSame } from "../provider/useStable";
import { createHandles } from "./chargeHandles";
import { listedPrice, usePrice } from "./useAresPrice";
import { delivered, useChargeState } from "./useCharge";
import { useNamedUser } from "./useNamedUser";

/** What one call charges for, where it differs from the hook's options: one hook serves a list. */
export interface ChargeVariables<U extends Usage = Usage> {
  /** What exactly is paid for: charged once per user, usage and resource. Without a resource each `charge` is a new charge. */
  resource?: string | undefined;
  /**
   * What a quoted price follows from: plain JSON, at most 512 bytes. Another input is another charge. A call with another
   * input than the hook's needs a price that this page has shown: show it with `useAresPrice`, or pass `credits`.
   */
  input?: UsageInput<U> | undefined;
  /**
   * The price that the user was shown, where that is not `price`. When the server's price differs, nothing is charged.
   * Required where the server publishes no prices, as the partner guide's own route.
   */
  credits?: number | undefined;
}

export interface UseAresUsageOptions<U extends Usage = Usage>
  extends ChargeVariables<U>,
    OutcomeListeners {
  usage: U;
}

export interface UsageActions<U extends Usage = Usage> {
  /**
   * Charges once, and never rejects. Calls while a charge is on its way join it. The state is the state of the last call.
   * A call before the session, or the price of the hook's own input, is known waits for it, for ten seconds each.
   * `listeners` are for this call alone.
   */
  charge: (variables?: ChargeVariables<U>, listeners?: OutcomeListeners) => Promise<ChargeState>;
  /** As `charge`, for code that needs the receipt. @throws {AresError} `insufficient_credits`, `outcome_unknown`, … */
  chargeAsync: (variables?: ChargeVariables<U>) => Promise<Receipt>;
  /** Checks a charge whose outcome is unknown, or whether the resource is paid. Never charges. */
  check: () => Promise<ChargeState>;
  /** Goes back to `idle`. For an unknown charge this is the user's decision to start over. */
  reset: () => void;
}

export type UseAresUsageResult<U extends Usage = Usage> = ChargeState &
  UsageActions<U> & {
    /** The price that a press agrees to, in credits; undefined until the price is read. */
    price: number | undefined;
  };

/** How long a press waits for the price that the page is about to show. */
const PRICE_MS = 10_000;

/**
 * Charges the signed-in user for one usage, at the price that was shown.
 *
 * Call `charge` from an event handler. It agrees to the price that was shown, and to no other: when the server's price
 * differs, nothing is charged (`price_changed`). An input whose price was never shown is `invalid_request`. One intent is never sent twice: after a lost answer the state is `unknown`, and only
 * `check` may follow. Each state holds what belongs to it. The actions keep their identity for the life of the hook.
 *
 * @example
 * const usage = useAresUsage({ usage: "export-pdf", onCharged: () => download() });
 * <button type="button" onClick={() => usage.charge()}>Export for {usage.price} credits</button>
 */
export function useAresUsage<U extends Usage>(
  options: UseAresUsageOptions<U>,
): UseAresUsageResult<U> {
  const ares = useAres();
  const { client } = ares;
  const { usage } = options;
  const own = useSame({ resource: options.resource, input: options.input });
  /** What the last call charged for, and the hook's own target then. Another own target is shown again. */
  const [called, setCalled] = useState<{ of: typeof own; own: typeof own }>();
  const read = usePrice({ usage, input: own.input, enabled: options.credits === undefined });
  const price = options.credits ?? read.price;

  // One handle for each resource and input that was called: a call joins its own charge, also while the hook shows another.
  const handles = useMemo(() => createHandles(client, usage), [client, usage]);
  const handle = handles.open(called && called.own === own ? called.of : own);
  const now = { ares, options, own, price, handle, handles };
  const latest = useRef(now);
  useInsertionEffect(() => {
    latest.current = now;
    handles.listeners = options;
  });
  const namedUser = useNamedUser();
  const [charged, forget] = useChargeState(handle);
  /** The state of a call that has sent nothing. The machine of charges knows nothing of such a call. */
  const [unsent, setUnsent] = useState<{ handle: ChargeHandle; state: ChargeState }>();

  const actions = useMemo<UsageActions<U>>(() => {
    const flights = new Map<ChargeHandle, Promise<ChargeState>>();

    /** The price that this page has shown for an input, also where the cache of queries has dropped it. */
    function findShown(input: unknown): number | undefined {
      const { ares, options, own, price } = latest.current;
      if (price !== undefined && isSameInput(input, own.input)) return price;
      return input === undefined
        ? undefined
        : shownQuotesOf(ares.client).find(options.usage, input);
    }

    /** The price of the hook's own input, which the page is about to show. @throws {AresError} when there is none. */
    async function awaitPrice(input: unknown): Promise<number> {
      checkOwn(input);
      const credits = await within(PRICE_MS, readPrice(input));
      // The user has typed on, and this price was never on the screen.
      checkOwn(input);
      return credits;
    }

    function checkOwn(input: unknown): void {
      if (!isSameInput(input, latest.current.own.input))
        throw aresError("invalid_request", NOT_SHOWN, false);
    }

    async function readPrice(input: unknown): Promise<number> {
      const { ares, options } = latest.current;
      const { client, queryClient, queryKey } = ares;
      const { usage } = options;
      if (input !== undefined)
        return queryClient.fetchQuery(
          quoteQuery(client, queryKey, { usage, input, enabled: true }),
        );
      const { prices } = await queryClient.fetchQuery(userQuery(client, queryKey, true));
      const found = listedPrice(prices, usage);
      if (found !== undefined) return found;
      throw prices
        ? aresError("unknown_usage", undefined, false)
        : aresError("invalid_request", NO_PRICE, false);
    }

    function refuse(
      handle: ChargeHandle,
      of: Pick<ChargeTarget, "resource" | "input">,
      error: unknown,
    ): ChargeState {
      const refusal = isAresError(error) ? error : aresError("network_error");
      const state: ChargeState = { status: "not_charged", error: refusal, at: Date.now() };
      const { ares, options } = latest.current;
      const target = { usage: options.usage, ...of };
      setUnsent({ handle, state });
      tellOutcome(options, target, state);
      ares.onOutcome(target, state);
      return state;
    }

    async function send(
      handle: ChargeHandle,
      of: Pick<ChargeTarget, "resource" | "input">,
      given: number | undefined,
    ): Promise<ChargeState> {
      let credits = given ?? findShown(of.input);
      if (credits === undefined) {
        setUnsent({ handle, state: { status: "charging" } });
        try {
          credits = await awaitPrice(of.input);
        } catch (error) {
          return refuse(handle, of, error);
        }
      }
      setUnsent(undefined);
      // Without a resource each call is a new intent. A charge that was paid before a reload and not delivered comes first.
      if (of.resource === undefined && delivered.has(handle.get())) handle.reset();
      const settled = await handle.charge(credits);
      if (settled.status !== "charged") return settled;
      delivered.add(settled);
      handle.take();
      return settled;
    }

    async function charge(
      variables: ChargeVariables<U> = {},
      listeners: OutcomeListeners = {},
    ): Promise<ChargeState> {
      const pressed = latest.current;
      const of = {
        resource: variables.resource ?? pressed.own.resource,
        input: variables.input ?? pressed.own.input,
      };
      // The page may show something else once the session is there. What was pressed counts.
      const shown = isSameInput(of.input, pressed.own.input) ? pressed.price : undefined;
      const agreed = variables.credits ?? shown;
      const named = namedUser();
      if (named instanceof Promise)
        setUnsent({ handle: latest.current.handle, state: { status: "charging" } });
      const isNamed = named instanceof Promise ? await named.then(Boolean, () => false) : true;
      const { options, own, handles } = latest.current;
      const { usage } = options;
      const handle = handles.open(of);
      setCalled({ of, own });
      const isStillPressed = usage === pressed.options.usage;
      if (!isNamed || !isStillPressed) return refuse(handle, of, aresError("network_error"));
      const flight =
        flights.get(handle) ?? send(handle, of, agreed).finally(() => flights.delete(handle));
      flights.set(handle, flight);
      const settled = await flight;
      if (!(settled.status === "charged" && settled.receipt.restored))
        tellOutcome(listeners, { usage, ...of }, settled);
      return settled;
    }

    return {
      charge,
      async chargeAsync(variables) {
        const settled = await charge(variables);
        if (settled.status === "charged") return settled.receipt;
        throw "error" in settled ? settled.error : aresError("outcome_unknown");
      },
      check: () => latest.current.handle.check(),
      reset() {
        setUnsent(undefined);
        forget();
        latest.current.handle.reset();
      },
    };
  }, [forget, namedUser]);

  const state = charged.status === "idle" && unsent?.handle === handle ? unsent.state : charged;
  return useMemo(() => ({ ...state, ...actions, price }), [state, actions, price]);
}

const NOT_SHOWN =
  "ARES: this page has shown no price for this input, and nothing was sent. Show the price with useAresPrice, or pass credits: the price that the user was shown.";
const NO_PRICE =
  "ARES: the server publishes no prices, and nothing was sent. Pass credits: the price that the user was shown.";
