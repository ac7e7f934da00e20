import { type ChargeEvidence, type ChargeState, mayStartOver, type Receipt } from "../../../client";
import { type AresError, isMistake, meaningOf, toHundredths } from "../../../contract";
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
  | { status: "signed_out"; price: number | undefined; signIn: (() => void) | undefined }
  /** `failed`: the last try to connect ended without a link. */
  | {
      status: "not_connected";
      price: number | undefined;
      connect: (() => void) | undefined;
      failed: boolean;
    }
  | {
      status: "reconnect";
      price: number | undefined;
      reconnect: (() => void) | undefined;
      failed: boolean;
    }
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
  /** Nothing is for sale here. `check` reads the account and the price again; undefined where no read would tell more. */
  | { status: "unavailable"; error: AresError; check: (() => void) | undefined }
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
  /** Looks at the charge, the balance and an unread price again. Never charges. */
  check: () => void;
  reset: () => void;
  keep: () => void;
}

/**
 * Decides the state of a gate from the charge, the user and the provider. A pure function. The first rule that holds decides:
 *
 * 1. The app gives the feature away: `entitled`.
 * 2. The gate can't charge as it is written: `unavailable`.
 * 3. Nobody is signed in: `signed_out`. A paid gate stays open where the app itself says that the user is signed in.
 * 4. The charge is under way or over: `unlocked`, `charging`, `unknown`.
 * 5. ARES is not connected: `not_connected`, `reconnect`.
 * 6. The user may not even read: `unavailable`.
 * 7. The user, the price or the paid resource is being read: `loading`.
 * 8. Another press would help nobody, or there is no price: `unavailable`.
 * 9. The credits don't suffice, or ARES said so: `insufficient`.
 * 10. The user is being asked: `confirming`.
 * 11. The price is another one than the press agreed to: `price_changed`.
 * 12. The last press was refused, and the reason still stands: `not_charged`.
 * 13. Otherwise the feature is for sale: `locked`.
 */
export function gateState(facts: GateFacts, act: GateActions): AresGateState {
  const { charge, user, mistake, priced } = facts;
  if (facts.entitled) return { status: "entitled" };
  if (mistake) return { status: "unavailable", error: mistake, check: undefined };

  const refusal = refusalOf(charge, user);
  const isPaidHere = facts.signedIn && charge.status === "charged";
  if ((user.status === "signed_out" && !isPaidHere) || refusal?.stands === "not_signed_in")
    return { status: "signed_out", price: priced.price, signIn: act.signIn };

  return (
    stateOfCharge(facts, act) ??
    stateOfAccount(facts, act, refusal) ??
    stateOfSale(facts, act, refusal)
  );
}

/** Rule 4: what the charge itself says. */
function stateOfCharge(
  { charge, user, priced }: GateFacts,
  act: GateActions,
): AresGateState | undefined {
  switch (charge.status) {
    case "charged":
      return { status: "unlocked", receipt: charge.receipt, keep: act.keep, reset: act.reset };
    case "charging":
      return {
        status: "charging",
        price: charge.credits ?? priced.price,
        stored: charge.stored,
      };
    case "unknown":
      return {
        status: "unknown",
        error: charge.error,
        checking: charge.checking,
        evidence: withBalance(charge.evidence, user),
        check: act.check,
        reset: mayStartOver(charge) ? act.reset : undefined,
      };
    case "idle":
    case "not_charged":
      return undefined;
  }
}

/** Rules 5 to 8: what stands in the way of a purchase. */
function stateOfAccount(
  { charge, user, priced, connectFailed: failed }: GateFacts,
  act: GateActions,
  refusal: Refusal | undefined,
): AresGateState | undefined {
  const { price } = priced;
  const { check } = act;
  if (user.status === "not_connected" || refusal?.stands === "not_connected")
    return { status: "not_connected", price, connect: act.connect, failed };
  if (user.status === "reconnect" || refusal?.stands === "reconnect")
    return { status: "reconnect", price, reconnect: act.reconnect, failed };

  // Whoever may not even read may not spend: an endpoint whose pretend() refuses here, or a closed one.
  if (user.status === "error" && user.error.code === "not_allowed" && !refusal)
    return { status: "unavailable", error: user.error, check: undefined };

  if (isBeingRead({ charge, user, priced })) return { ...unreadOf(charge, act), status: "loading" };

  const fault = faultOf(user, refusal);
  if (fault && isMistake(meaningOf(fault.code)))
    return { status: "unavailable", error: fault, check };
  if (user.status === "ready" && priced.price === undefined && priced.error)
    return { status: "unavailable", error: priced.error, check };
  return undefined;
}

/** Rules 9 to 13: the purchase itself. */
function stateOfSale(
  { charge, user, priced, asked, topUpUrl }: GateFacts,
  act: GateActions,
  refusal: Refusal | undefined,
): AresGateState {
  const { price } = priced;
  const balance = user.credits;
  const newPrice = newPriceOf(refusal);
  const due = asked?.price ?? newPrice ?? price;
  const missing = missingOf(due, balance);
  if (missing !== undefined || refusal?.stands === "insufficient_credits")
    return {
      ...lastCharge(charge, act),
      status: "insufficient",
      price: due,
      balance,
      missing,
      topUpUrl,
      topUp: act.topUp,
      check: act.check,
    };

  // The question keeps its price. When the price changes meanwhile, the server refuses and charges nothing.
  if (asked)
    return {
      status: "confirming",
      price: asked.price,
      balance,
      after: difference(balance, asked.price),
      confirm: () => act.pay(asked.price),
      cancel: act.cancel,
    };

  if (newPrice !== undefined)
    return {
      status: "price_changed",
      price: newPrice,
      former: refusal?.charge.credits,
      balance,
      unlock: () => act.unlock(newPrice),
    };

  if (refusal?.stands)
    return {
      status: "not_charged",
      error: refusal.charge.error,
      price,
      retry: () => act.unlock(price),
      retryAt: refusal.charge.retryAt,
    };

  return {
    ...lastCharge(charge, act),
    ...(balance === undefined && { check: act.check }),
    status: "locked",
    price,
    balance,
    unlock: () => act.unlock(price),
  };
}

/** A press that was refused. Nothing was charged for it. */
interface Refusal {
  charge: Extract<ChargeState, { status: "not_charged" }>;
  /** The code whose cause still stands; undefined once the user has done what it asked for. */
  stands: AresError["code"] | undefined;
}

function refusalOf(charge: ChargeState, user: AresUserState): Refusal | undefined {
  if (charge.status !== "not_charged") return undefined;
  const { code } = charge.error;
  // A later successful read shows that the user has done what the error asked for.
  const isReadSince = user.status === "ready" && user.updatedAt > charge.at;
  // ARES refused, and the balance is still what it was: nothing was done about it.
  const isSameBalance = code === "insufficient_credits" && user.credits === charge.before;
  return { charge, stands: isReadSince && !isSameBalance ? standing(code) : code };
}

/** The price that the server named when it refused another one. */
function newPriceOf(refusal: Refusal | undefined): number | undefined {
  return refusal?.stands === "price_changed" ? refusal.charge.error.details.credits : undefined;
}

/** The code of a refusal whose cause still stands after a later read succeeded. A step of the user's is done then. */
function standing(code: AresError["code"]): AresError["code"] | undefined {
  const { next } = meaningOf(code);
  const isStep =
    next === "sign_in" || next === "connect" || next === "reconnect" || next === "top_up";
  // A gateway may have answered in the server's place, such as a 404 during a deployment, or a 403 that asks for a captcha.
  const isOfGateway = code === "invalid_request" || code === "not_allowed";
  return isStep || isOfGateway ? undefined : code;
}

/** True while the user, the price, or whether the resource is paid is being read. */
function isBeingRead({ charge, user, priced }: Pick<GateFacts, "charge" | "user" | "priced">) {
  if (charge.status === "idle" && charge.asking) return true;
  return user.status === "loading" || (user.status === "ready" && priced.status === "loading");
}

/** What went wrong: with the last press, or with the read of the user. */
function faultOf(user: AresUserState, refusal: Refusal | undefined): AresError | undefined {
  if (refusal?.stands) return refusal.charge.error;
  return user.status === "error" ? user.error : undefined;
}

/** What the last charge left: it is used up, or whether it is paid could not be read. */
function lastCharge(charge: ChargeState, act: GateActions): { usedUp?: boolean } & Unread {
  const usedUp = charge.status === "idle" && charge.usedUp;
  return { ...(usedUp && { usedUp }), ...unreadOf(charge, act) };
}

/** Why it could not be read whether the resource is paid. */
function unreadOf(charge: ChargeState, act: GateActions): Unread {
  const unread = charge.status === "idle" ? charge.unread : undefined;
  return unread ? { unread, check: act.check } : {};
}

/** The evidence, with the balance that was read after the charge was sent. */
export function withBalance(evidence: ChargeEvidence, user: AresUserState): ChargeEvidence {
  const { after, sentAt = Infinity } = evidence;
  return { ...evidence, after: after ?? (user.updatedAt > sentAt ? user.credits : undefined) };
}

/** How many credits a balance is short of a price; undefined where it suffices or one is unknown. */
export function missingOf(
  price: number | undefined,
  balance: number | undefined,
): number | undefined {
  const missing = difference(price, balance);
  return missing !== undefined && missing > 0 ? missing : undefined;
}

/** The exact difference of two amounts: binary fractions are not exact. */
function difference(from: number | undefined, amount: number | undefined): number | undefined {
  if (from === undefined || amount === undefined) return undefined;
  return (toHundredths(from) - toHundredths(amount)) / 100;
}

/** The price in a state, where the state has one. */
export const priceOf = (gate: AresGateState): number | undefined =>
  "price" in gate ? gate.price : undefined;
