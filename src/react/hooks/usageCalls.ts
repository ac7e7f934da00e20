import type { RefObject } from "react";
import {
  aresError,
  type ChargeHandle,
  type ChargeState,
  type ChargeTarget,
  type Receipt,
  within,
} from "../../client";
import { isAresError } from "../../contract";
import type { AresContextValue } from "../provider/context";
import { type OutcomeListeners, tellOutcome } from "../provider/outcome";
import { quoteQuery, userQuery } from "../provider/queries";
import type { Usage, UsageInput } from "../provider/register";
import { isSameInput, shownQuotesOf } from "../provider/shownQuotes";
import type { Handles } from "./chargeHandles";
import { listedPrice } from "./useAresPrice";
import { delivered } from "./useCharge";

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

/** What a component can do with its usage: charge, check a charge, forget it. */
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

/** What a call finds on the page at the moment of its press, and again after a wait. */
export interface UsagePage {
  ares: AresContextValue;
  usage: Usage;
  listeners: OutcomeListeners;
  /** The hook's own target. */
  own: CallTarget;
  /** The price of the own target, where one is shown. */
  price: number | undefined;
  handles: Handles;
  /** The charge that the hook shows. */
  handle: ChargeHandle;
}

export type CallTarget = Pick<ChargeTarget, "resource" | "input">;

/** The state of a call that has sent nothing. The machine of charges knows nothing of such a call. */
export interface UnsentCall {
  handle: ChargeHandle;
  state: ChargeState;
}

interface UsageCallsOptions {
  page: RefObject<UsagePage>;
  /** The user's name, or a promise of it while the session is loading. */
  namedUser: () => unknown;
  /** Shows the charge of a call, until the hook's own target is another. */
  show: (of: CallTarget, own: CallTarget) => void;
  showUnsent: (unsent: UnsentCall | undefined) => void;
  /** Forgets the refusal of a press of another user. */
  forget: () => void;
}

/** How long a press waits for the price that the page is about to show. */
const PRICE_MS = 10_000;

/** The actions of `useAresUsage`: how a press becomes a charge, once the user and the price are known. */
export function createUsageActions<U extends Usage>({
  page,
  namedUser,
  show,
  showUnsent,
  forget,
}: UsageCallsOptions): UsageActions<U> {
  const flights = new Map<ChargeHandle, Promise<ChargeState>>();

  async function charge(
    variables: ChargeVariables<U> = {},
    listeners: OutcomeListeners = {},
  ): Promise<ChargeState> {
    // The page may show something else once the session is there. What was pressed counts.
    const pressed = page.current;
    const of = targetOf(variables, pressed);
    const agreed = variables.credits ?? shownPrice(of.input, pressed);

    const named = namedUser();
    const isNamed = named instanceof Promise ? await waitForUser(named) : true;
    const { usage, own, handles } = page.current;
    const call = { handle: handles.open(of), of };
    show(of, own);
    const isStillPressed = usage === pressed.usage;
    if (!isNamed || !isStillPressed) return refuse(call, aresError("network_error"));

    const settled = await join(call, agreed);
    const wasTold = settled.status === "charged" && settled.receipt.restored;
    if (!wasTold) tellOutcome(listeners, { usage, ...of }, settled);
    return settled;
  }

  /** True once the session has named its user; false when it did not in time. */
  function waitForUser(named: Promise<unknown>): Promise<boolean> {
    showWaiting(page.current.handle);
    return named.then(
      () => true,
      () => false,
    );
  }

  /** A call joins its own charge while that is on its way. */
  function join(call: Call, agreed: number | undefined): Promise<ChargeState> {
    const { handle } = call;
    const flight = flights.get(handle) ?? send(call, agreed).finally(() => flights.delete(handle));
    flights.set(handle, flight);
    return flight;
  }

  /** A press with a known price reaches its handle in the same tick. */
  async function send(call: Call, agreed: number | undefined): Promise<ChargeState> {
    const known = agreed ?? findShown(call.of.input, page.current);
    if (known !== undefined) return post(call, known);

    showWaiting(call.handle);
    let credits: number;
    try {
      credits = await awaitPrice(call.of.input);
    } catch (error) {
      return refuse(call, error);
    }
    return post(call, credits);
  }

  async function post({ handle, of }: Call, credits: number): Promise<ChargeState> {
    showUnsent(undefined);
    // Without a resource each call is a new intent. A charge that was paid before a reload and not delivered comes first.
    if (of.resource === undefined && delivered.has(handle.get())) handle.reset();
    const settled = await handle.charge(credits);
    if (settled.status === "charged") {
      delivered.add(settled);
      handle.take();
    }
    return settled;
  }

  /** The price of the hook's own input, which the page is about to show. @throws {AresError} when there is none. */
  async function awaitPrice(input: unknown): Promise<number> {
    checkOwn(input, page.current);
    const credits = await within(PRICE_MS, readPrice(input, page.current));
    // The user has typed on, and this price was never on the screen.
    checkOwn(input, page.current);
    return credits;
  }

  /** Shows and tells a call that has sent nothing. */
  function refuse({ handle, of }: Call, error: unknown): ChargeState {
    const refusal = isAresError(error) ? error : aresError("network_error");
    const state: ChargeState = { status: "not_charged", error: refusal, at: Date.now() };
    const { ares, usage, listeners } = page.current;
    const target = { usage, ...of };
    showUnsent({ handle, state });
    tellOutcome(listeners, target, state);
    ares.onOutcome(target, state);
    return state;
  }

  function showWaiting(handle: ChargeHandle): void {
    showUnsent({ handle, state: { status: "charging" } });
  }

  return {
    charge,
    async chargeAsync(variables) {
      const settled = await charge(variables);
      if (settled.status === "charged") return settled.receipt;
      throw "error" in settled ? settled.error : aresError("outcome_unknown");
    },
    check: () => page.current.handle.check(),
    reset() {
      showUnsent(undefined);
      forget();
      page.current.handle.reset();
    },
  };
}

/** One call: what it charges for, and the charge that it makes or joins. */
interface Call {
  handle: ChargeHandle;
  of: CallTarget;
}

function targetOf(variables: CallTarget, { own }: UsagePage): CallTarget {
  return {
    resource: variables.resource ?? own.resource,
    input: variables.input ?? own.input,
  };
}

/** The price that the page shows for an input at this moment. */
function shownPrice(input: unknown, { own, price }: UsagePage): number | undefined {
  return isSameInput(input, own.input) ? price : undefined;
}

/** The price that the page has shown for an input, also where the cache of queries has dropped it. */
function findShown(input: unknown, page: UsagePage): number | undefined {
  const shown = shownPrice(input, page);
  if (shown !== undefined || input === undefined) return shown;
  return shownQuotesOf(page.ares.client).find(page.usage, input);
}

function checkOwn(input: unknown, { own }: UsagePage): void {
  if (!isSameInput(input, own.input)) throw aresError("invalid_request", NOT_SHOWN, false);
}

async function readPrice(input: unknown, { ares, usage }: UsagePage): Promise<number> {
  const { client, queryClient, queryKey } = ares;
  if (input !== undefined)
    return queryClient.fetchQuery(quoteQuery(client, queryKey, { usage, input, enabled: true }));

  const { prices } = await queryClient.fetchQuery(userQuery(client, queryKey, true));
  const found = listedPrice(prices, usage);
  if (found !== undefined) return found;
  throw prices
    ? aresError("unknown_usage", undefined, false)
    : aresError("invalid_request", NO_PRICE, false);
}

const NOT_SHOWN =
  "ARES: this page has shown no price for this input, and nothing was sent. Show the price with useAresPrice, or pass credits: the price that the user was shown.";
const NO_PRICE =
  "ARES: the server publishes no prices, and nothing was sent. Pass credits: the price that the user was shown.";
