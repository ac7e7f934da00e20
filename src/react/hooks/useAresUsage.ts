import { useInsertionEffect, useMemo, useRef, useState } from "react";
import { aresError, type ChargeHandle, type ChargeState, type Receipt, within } from "../../client";
import { isAresError } from "../../contract";
import { useAres } from "../provider/context";
import { type OutcomeListeners, tellOutcome } from "../provider/outcome";
import { userQuery } from "../provider/queries";
import type { Usage } from "../provider/register";
import { createHandles } from "./chargeHandles";
import { useAresUser } from "./useAresUser";
import { delivered, useChargeState } from "./useCharge";

/** What one call charges for, where it differs from the hook's options: one hook serves a list. */
export interface ChargeVariables {
  /** What exactly is paid for: charged once per user, usage and resource. Without a resource each `charge` is a new charge. */
  resource?: string | undefined;
  /**
   * The price that the user was shown, where that is not `price`. When the server's price differs, nothing is charged.
   * Required where the server publishes no prices, as the partner guide's own route.
   */
  credits?: number | undefined;
}

export interface UseAresUsageOptions extends ChargeVariables, OutcomeListeners {
  usage: Usage;
}

export interface UsageActions {
  /**
   * Charges once, and never rejects. Calls while a charge is on its way join it. The state is the state of the last call.
   * A call before the price was read waits for the price, for ten seconds. `listeners` are for this call alone.
   */
  charge: (variables?: ChargeVariables, listeners?: OutcomeListeners) => Promise<ChargeState>;
  /** As `charge`, for code that needs the receipt. @throws {AresError} `insufficient_credits`, `outcome_unknown`, … */
  chargeAsync: (variables?: ChargeVariables) => Promise<Receipt>;
  /** Checks a charge whose outcome is unknown, or whether the resource is paid. Never charges. */
  check: () => Promise<ChargeState>;
  /** Goes back to `idle`. For an unknown charge this is the user's decision to start over. */
  reset: () => void;
}

export type UseAresUsageResult = ChargeState &
  UsageActions & {
    /** The price that a press agrees to, in credits; undefined until the price is read. */
    price: number | undefined;
  };

/** How long a press waits for the price that it agrees to. */
const PRICE_MS = 10_000;

/**
 * Charges the signed-in user for one usage, at the price that was shown.
 *
 * Call `charge` from an event handler. One intent is never sent twice: after a lost answer the state is `unknown`, and only
 * `check` may follow. Each state holds what belongs to it. The actions keep their identity for the life of the hook.
 *
 * @example
 * const usage = useAresUsage({ usage: "export-pdf", onCharged: () => download() });
 * <button type="button" onClick={() => usage.charge()}>Export for {usage.price} credits</button>
 */
export function useAresUsage(options: UseAresUsageOptions): UseAresUsageResult {
  const ares = useAres();
  const { client } = ares;
  const { usage } = options;
  const [called, setCalled] = useState<{ instead: string | undefined; resource: string | undefined }>();
  const resource = called && called.instead === options.resource ? called.resource : options.resource;
  const user = useAresUser({ enabled: options.credits === undefined });
  const price = options.credits ?? listedPrice(user.prices, usage);

  // One handle for each resource that was called: a call joins its own charge, also while the hook shows another.
  const handles = useMemo(() => createHandles(client, usage), [client, usage]);
  const handle = handles.open(resource);
  const now = { ares, options, price, handle, handles };
  const latest = useRef(now);
  useInsertionEffect(() => {
    latest.current = now;
    handles.listeners = options;
  });
  const [charged, forget] = useChargeState(handle);
  /** The state of a call that has sent nothing. The machine of charges knows nothing of such a call. */
  const [unsent, setUnsent] = useState<{ handle: ChargeHandle; state: ChargeState }>();

  const actions = useMemo<UsageActions>(() => {
    const flights = new Map<ChargeHandle, Promise<ChargeState>>();

    /** The price to agree to. @throws {AresError} when there is none. */
    async function readPrice(): Promise<number> {
      const { ares, options } = latest.current;
      const { usage } = options;
      const { prices } = await within(PRICE_MS, ares.queryClient.fetchQuery(userQuery(ares.client, ares.queryKey, true)));
      const found = listedPrice(prices, usage);
      if (found !== undefined) return found;
      throw prices ? aresError("unknown_usage", undefined, false) : aresError("invalid_request", NO_PRICE, false);
    }

    function refuse(handle: ChargeHandle, resource: string | undefined, error: unknown): ChargeState {
      const refusal = isAresError(error) ? error : aresError("network_error");
      const state: ChargeState = { status: "not_charged", error: refusal, at: Date.now() };
      const { ares, options } = latest.current;
      const target = { usage: options.usage, resource };
      setUnsent({ handle, state });
      tellOutcome(options, target, state);
      ares.onOutcome(target, state);
      return state;
    }

    async function send(handle: ChargeHandle, resource: string | undefined, given: number | undefined): Promise<ChargeState> {
      let credits = given ?? latest.current.price;
      if (credits === undefined) {
        setUnsent({ handle, state: { status: "charging" } });
        try {
          credits = await readPrice();
        } catch (error) {
          return refuse(handle, resource, error);
        }
      }
      setUnsent(undefined);
      // Without a resource each call is a new intent. A charge that was paid before a reload and not delivered comes first.
      if (resource === undefined && delivered.has(handle.get())) handle.reset();
      const settled = await handle.charge(credits);
      if (settled.status !== "charged") return settled;
      delivered.add(settled);
      handle.take();
      return settled;
    }

    async function charge(variables: ChargeVariables = {}, listeners: OutcomeListeners = {}): Promise<ChargeState> {
      const { options, handles } = latest.current;
      const { usage } = options;
      const resource = variables.resource ?? options.resource;
      const handle = handles.open(resource);
      setCalled({ instead: options.resource, resource });
      const flight = flights.get(handle) ?? send(handle, resource, variables.credits).finally(() => flights.delete(handle));
      flights.set(handle, flight);
      const settled = await flight;
      if (!(settled.status === "charged" && settled.receipt.restored)) tellOutcome(listeners, { usage, resource }, settled);
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
  }, [forget]);

  const state = charged.status === "idle" && unsent?.handle === handle ? unsent.state : charged;
  return useMemo(() => ({ ...state, ...actions, price }), [state, actions, price]);
}

function listedPrice(prices: Readonly<Record<string, unknown>> | undefined, usage: string): number | undefined {
  const price = prices?.[usage];
  return typeof price === "number" ? price : undefined;
}

const NO_PRICE = "ARES: the server publishes no prices, and nothing was sent. Pass credits: the price that the user was shown.";
