import { type ChargeEvidence, type ChargeState, mayStartOver, type Receipt } from "../../../client";
import {
  type AresError,
  toHundredths as hundredths,
  isMistake,
  meaningOf,
} from "../../../contract";
import type { UseAresPriceResult } from "../../hooks/useAresPrice";
import type { AresUserState } from "../../provider/userStore";

/**
 * The state of a gate. Each member holds only the facts and actions that exist in that state.
 *
 * `used`: the user has pressed one of this gate's actions, or the gate charged on mount. Only a used gate speaks
 * to screen readers, and says no words that stood before the press.
 * `checks`: how often the user has asked for a look. `label`: the provider's label of the usage.
 * `refused`: the last press was refused, and nothing was charged.
 */
export type AresGateState = {
  label?: string | undefined;
  used?: boolean;
  checks?: number;
  refused?: boolean;
} & (
  | ({ status: "loading" } & Unread)
  | { status: "signed_out"; signIn: (() => void) | undefined }
  /** `failed`: the last try to connect ended without a link. */
  | { status: "not_connected"; connect: (() => void) | undefined; failed: boolean }
  | { status: "reconnect"; reconnect: (() => void) | undefined; failed: boolean }
  /** `usedUp`: the last charge was paid, and is used up. */
  | ({
      status: "locked";
      price: number | undefined;
      balance: number | undefined;
      usedUp?: boolean;
      unlock: () => void;
    } & Unread)
  | {
      status: "confirming";
      price: number | undefined;
      balance: number | undefined;
      after: number | undefined;
      confirm: () => void;
      cancel: () => void;
    }
  /** `stored`: false where the browser could not store the charge, which is then forgotten with the page. */
  | { status: "charging"; price: number | undefined; stored?: boolean | undefined }
  /**
   * `keep` holds the unlock open over a remount, for a feature that failed after it was paid. `reset` ends it on this page, for one
   * that is used up.
   */
  | { status: "unlocked"; receipt: Receipt; keep: () => void; reset: () => void }
  /** Without a `missing`, the balance as it was read would suffice, and ARES refused. */
  | {
      status: "insufficient";
      price: number | undefined;
      balance: number | undefined;
      missing: number | undefined;
      usedUp?: boolean;
      unread?: AresError;
      topUpUrl: string;
      /** Notes that the user goes to the shop: the balance is read again when the user is back. For the link's `onClick`. */
      topUp: () => void;
      check: () => void;
    }
  /** Nothing was charged; unlocking now agrees to the new price. `former`: the price that the press agreed to. */
  | {
      status: "price_changed";
      price: number;
      former?: number | undefined;
      balance: number | undefined;
      unlock: () => void;
    }
  /**
   * Provably not charged; retrying uses the same key where that is safer. Before `retryAt`, in milliseconds since 1970, the
   * server will refuse again.
   */
  | {
      status: "not_charged";
      error: AresError;
      price: number | undefined;
      retry: () => void;
      retryAt: number | undefined;
    }
  /** May or may not have been charged; it is only looked at. `reset` starts over, where the server can't tell better. */
  | {
      status: "unknown";
      error: AresError;
      checking: boolean;
      evidence: ChargeEvidence;
      check: () => void;
      reset: (() => void) | undefined;
    }
  | { status: "unavailable"; error: AresError }
  | { status: "entitled" }
);

/**
 * `unread`: whether the resource is already paid could not be read. While `loading`, the gate looks again by itself. A gate
 * without a balance offers `check` too.
 */
interface Unread {
  unread?: AresError;
  check?: () => void;
}

export interface GateFacts {
  /** The price as it was read, or the app's own for servers that publish none. */
  priced: Pick<UseAresPriceResult, "status" | "price" | "error">;
  entitled: boolean;
  /** A mistake of the app, for which this gate can't charge. */
  mistake?: AresError | undefined;
  /** The price in the open question. */
  asked: { price: number | undefined } | undefined;
  topUpUrl: string;
  connectFailed: boolean;
  /** True when the app itself says so. The endpoint's answer does not matter then. */
  signedIn: boolean;
  user: AresUserState;
  charge: ChargeState;
}

export interface GateActions {
  signIn: (() => void) | undefined;
  connect: (() => void) | undefined;
  reconnect: (() => void) | undefined;
  /** Asks for confirmation where the gate wants it; otherwise charges. */
  unlock: (price: number | undefined) => void;
  /** Charges at a price that the user has agreed to. */
  pay: (price: number | undefined) => void;
  cancel: () => void;
  topUp: () => void;
  /** Looks at the charge and the balance again. Never charges. */
  check: () => void;
  reset: () => void;
  keep: () => void;
}

/** Decides the state of a gate from the charge, the user and the provider. A pure function. */
export function gateState(facts: GateFacts, act: GateActions): AresGateState {
  const { priced, user, charge, connectFailed: failed } = facts;
  const { price } = priced;
  const balance = user.credits;
  if (facts.entitled) return { status: "entitled" };
  if (facts.mistake) return { status: "unavailable", error: facts.mistake };
  const refused = charge.status === "not_charged" ? charge : undefined;
  const refusal = refused?.error;
  // A later successful read shows that the user has done what the error asked for.
  const isRead = refused && user.status === "ready" && user.updatedAt > refused.at;
  // ARES refused, and the balance is still what it was: nothing was done about it.
  const isSame = refusal?.code === "insufficient_credits" && balance === refused?.before;
  const code = isRead && !isSame ? standing(refused.error) : refusal?.code;
  // A paid gate stays open while the app itself says that the user is signed in.
  const stays = facts.signedIn && charge.status === "charged";
  if ((user.status === "signed_out" && !stays) || code === "not_signed_in")
    return { status: "signed_out", signIn: act.signIn };
  if (charge.status === "charged")
    return { status: "unlocked", receipt: charge.receipt, keep: act.keep, reset: act.reset };
  if (charge.status === "charging")
    return { status: "charging", price: charge.credits ?? price, stored: charge.stored };
  if (charge.status === "unknown") {
    const { error, checking } = charge;
    const { after, sentAt = Infinity } = charge.evidence;
    const evidence = {
      ...charge.evidence,
      after: after ?? (user.updatedAt > sentAt ? user.credits : undefined),
    };
    const reset = mayStartOver(charge) ? act.reset : undefined;
    return { status: "unknown", error, checking, evidence, check: act.check, reset };
  }
  if (user.status === "not_connected" || code === "not_connected")
    return { status: "not_connected", connect: act.connect, failed };
  if (user.status === "reconnect" || code === "reconnect")
    return { status: "reconnect", reconnect: act.reconnect, failed };
  // Whoever may not even read may not spend: an endpoint whose pretend() refuses here, or a closed one.
  if (user.status === "error" && user.error.code === "not_allowed" && !refusal)
    return { status: "unavailable", error: user.error };
  const { usedUp, unread, asking } = charge.status === "idle" ? charge : {};
  const last = { ...(usedUp && { usedUp }), ...(unread && { unread, check: act.check }) };
  if (
    user.status === "loading" ||
    asking ||
    (user.status === "ready" && priced.status === "loading")
  )
    return { ...last, status: "loading" };
  const broken = code ? refusal : user.status === "error" ? user.error : undefined;
  const unpriced = user.status === "ready" && price === undefined ? priced.error : null;
  const fault = broken && isBroken(broken) ? broken : unpriced;
  if (fault) return { status: "unavailable", error: fault };

  const changed = code === "price_changed" ? refusal?.details.credits : undefined;
  const due = facts.asked?.price ?? changed ?? price;
  const short = due !== undefined && balance !== undefined && hundredths(balance) < hundredths(due);
  if (short || code === "insufficient_credits") {
    const missing = short ? (hundredths(due) - hundredths(balance)) / 100 : undefined;
    return {
      ...last,
      status: "insufficient",
      price: due,
      balance,
      missing,
      topUpUrl: facts.topUpUrl,
      topUp: act.topUp,
      check: act.check,
    };
  }
  if (facts.asked) {
    // The question keeps its price. When the price changes meanwhile, the server refuses and charges nothing.
    const { price: agreed } = facts.asked;
    const after =
      agreed !== undefined && balance !== undefined
        ? (hundredths(balance) - hundredths(agreed)) / 100
        : undefined;
    return {
      status: "confirming",
      price: agreed,
      balance,
      after,
      confirm: () => act.pay(agreed),
      cancel: act.cancel,
    };
  }
  if (changed !== undefined) {
    return {
      status: "price_changed",
      price: changed,
      former: refused?.credits,
      balance,
      unlock: () => act.unlock(changed),
    };
  }
  if (refused && code) {
    const { error, retryAt } = refused;
    return { status: "not_charged", error, price, retry: () => act.unlock(price), retryAt };
  }
  const unknown = balance === undefined && { check: act.check };
  return { ...last, ...unknown, status: "locked", price, balance, unlock: () => act.unlock(price) };
}

/** The code of a refusal whose cause still stands after a later read succeeded. A step of the user's is done then. */
function standing({ code }: AresError): AresError["code"] | undefined {
  const { next } = meaningOf(code);
  const isStep =
    next === "sign_in" || next === "connect" || next === "reconnect" || next === "top_up";
  // A gateway may have answered in the server's place, such as a 404 during a deployment, or a 403 that asks for a captcha.
  const isOfGateway = code === "invalid_request" || code === "not_allowed";
  return isStep || isOfGateway ? undefined : code;
}

/** True for a mistake of the app, which no retry of the user's corrects. */
const isBroken = ({ code }: AresError): boolean => isMistake(meaningOf(code));

/** The price in a state, where the state has one. */
export const priceOf = (gate: AresGateState): number | undefined =>
  "price" in gate ? gate.price : undefined;
