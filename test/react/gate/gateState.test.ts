import { describe, expect, test } from "vitest";
import { aresError, type ChargeState, type Receipt } from "../../../src/client";
import type { AresErrorCode } from "../../../src/contract";
import {
  type GateActions,
  type GateFacts,
  gateState,
} from "../../../src/react/gate/state/gateState";
import type { AresUserState } from "../../../src/react/provider/userStore";

const nothing = () => {};
const act: GateActions = {
  signIn: nothing,
  connect: nothing,
  reconnect: nothing,
  unlock: nothing,
  pay: nothing,
  cancel: nothing,
  topUp: nothing,
  check: nothing,
  reset: nothing,
  keep: nothing,
};
const ready = (
  credits: number,
  prices: AresUserState["prices"] = { report: 3 },
  updatedAt = 1,
): AresUserState => ({
  status: "ready",
  credits,
  prices,
  user: { id: undefined, email: undefined },
  error: null,
  updatedAt,
});
const without = (
  status: "loading" | "signed_out" | "not_connected" | "reconnect",
): AresUserState => ({
  status,
  credits: undefined,
  user: undefined,
  prices: undefined,
  error: null,
  updatedAt: 0,
});
const failed = (code: AresErrorCode): AresUserState => ({
  status: "error",
  credits: undefined,
  user: undefined,
  prices: undefined,
  error: aresError(code),
  updatedAt: 0,
});
const receipt: Receipt = {
  usage: "report",
  credits: 3,
  balance: undefined,
  id: undefined,
  key: undefined,
  at: 0,
  restored: false,
};
const refused = (
  code: AresErrorCode,
  credits?: number,
  at = 2,
  press?: { credits?: number; before?: number },
): ChargeState => ({
  ...press,
  status: "not_charged",
  error: aresError(code, undefined, false, { credits }),
  at,
});
const unknown = (checking: boolean, readable: boolean, resource?: string): ChargeState => ({
  status: "unknown",
  error: aresError("outcome_unknown"),
  checking,
  readable,
  resource,
  evidence: {
    before: undefined,
    after: undefined,
    credits: undefined,
    sentAt: undefined,
    looks: 0,
  },
});
const limited = aresError("rate_limited");
const idle: ChargeState = { status: "idle" };
const charging: ChargeState = { status: "charging" };
const charged: ChargeState = { status: "charged", receipt };

const priced = (price: number) => ({ status: "ready", price, error: null }) as const;
const unpriced = (error: ReturnType<typeof aresError> | null) =>
  ({ status: error ? "error" : "loading", price: undefined, error }) as const;

const facts = (
  user: AresUserState,
  charge: ChargeState,
  more: Partial<GateFacts> = {},
): GateFacts => ({
  priced: user.prices?.report ? priced(3) : unpriced(aresError("unknown_usage")),
  entitled: false,
  asked: undefined,
  connectFailed: false,
  signedIn: false,
  topUpUrl: "https://joinares.com/pricing",
  user,
  charge,
  ...more,
});

describe("a gate shows", () => {
  test.each<[string, string, GateFacts, object?]>([
    ["loading", "while the user is read", facts(without("loading"), idle)],
    [
      "loading",
      "while a resource is asked for",
      facts(ready(10), { status: "idle", asking: true }),
    ],
    ["locked", "a price and a balance", facts(ready(10), idle), { price: 3, balance: 10 }],
    ["locked", "an exact balance", facts(ready(3), idle)],
    [
      "locked",
      "no balance when it could not be read",
      facts(failed("network_error"), idle),
      { price: undefined, balance: undefined },
    ],
    [
      "locked",
      "the app's price where the server has none",
      facts({ ...ready(10), prices: undefined }, idle, { priced: priced(2) }),
      { price: 2 },
    ],
    ["loading", "while a price is computed", facts(ready(10), idle, { priced: unpriced(null) })],
    ["locked", "a computed price", facts(ready(10), idle, { priced: priced(1.2) }), { price: 1.2 }],
    [
      "unavailable",
      "that a price could not be computed",
      facts(ready(10), idle, { priced: unpriced(aresError("invalid_request")) }),
      { error: { code: "invalid_request" }, check: nothing },
    ],
    [
      "locked",
      "that the last charge is used up",
      facts(ready(10), { status: "idle", usedUp: true }),
      { usedUp: true },
    ],
    [
      "insufficient",
      "that the last charge is used up",
      facts(ready(1), { status: "idle", usedUp: true }),
      { usedUp: true },
    ],
    [
      "loading",
      "why it could not look",
      facts(ready(10), { status: "idle", asking: true, unread: limited }),
      { unread: limited, check: nothing },
    ],
    [
      "locked",
      "that it could not look",
      facts(ready(10), { status: "idle", unread: limited }),
      { unread: limited, check: nothing },
    ],
    [
      "insufficient",
      "that it could not look",
      facts(ready(1), { status: "idle", unread: limited }),
      { unread: limited },
    ],
    ["signed_out", "to nobody", facts(without("signed_out"), idle)],
    ["signed_out", "after sign-out, also what was unlocked", facts(without("signed_out"), charged)],
    ["signed_out", "when the charge says so", facts(ready(10), refused("not_signed_in"))],
    ["not_connected", "without ARES", facts(without("not_connected"), idle)],
    ["not_connected", "when the charge says so", facts(ready(10), refused("not_connected"))],
    ["reconnect", "with an ended link", facts(without("reconnect"), idle)],
    ["reconnect", "when the charge says so", facts(ready(10), refused("reconnect"))],
    ["locked", "after reconnecting", facts(ready(10, undefined, 3), refused("reconnect"))],
    [
      "unlocked",
      "to a user whose link ended since",
      facts(without("reconnect"), charged),
      { receipt },
    ],
    [
      "insufficient",
      "too small a balance",
      facts(ready(2.5), idle),
      { price: 3, balance: 2.5, missing: 0.5 },
    ],
    [
      "insufficient",
      "a refusal that is newer than the balance",
      facts(ready(10), refused("insufficient_credits")),
      { missing: undefined },
    ],
    [
      "not_charged",
      "a key that was used before, which the next press replaces",
      facts(ready(10), refused("idempotency_key_reused")),
    ],
    ["not_charged", "a refusal of ARES", facts(ready(10), refused("declined"))],
    [
      "unavailable",
      "a session that may not spend",
      facts(ready(10), refused("not_allowed")),
      { check: nothing },
    ],
    [
      "locked",
      "again after a top up",
      facts(ready(10, undefined, 3), refused("insufficient_credits")),
    ],
    [
      "insufficient",
      "still, after too small a top up",
      facts(ready(1, { report: 3 }, 3), refused("insufficient_credits")),
    ],
    ["price_changed", "the new price", facts(ready(10), refused("price_changed", 4)), { price: 4 }],
    [
      "price_changed",
      "with the price that was agreed to",
      facts(ready(10), refused("price_changed", 4, 2, { credits: 3 })),
      { former: 3 },
    ],
    [
      "insufficient",
      "and stays so while the balance is what it was",
      facts(ready(10, undefined, 9), refused("insufficient_credits", undefined, 2, { before: 10 })),
      { balance: 10, missing: undefined },
    ],
    [
      "locked",
      "once the balance is another one",
      facts(ready(11, undefined, 9), refused("insufficient_credits", undefined, 2, { before: 10 })),
    ],
    [
      "price_changed",
      "also when prices were read since",
      facts(ready(10, { report: 4 }, 9), refused("price_changed", 4)),
      { price: 4 },
    ],
    ["not_charged", "without a new price", facts(ready(10), refused("price_changed"))],
    ["not_charged", "on a busy server", facts(ready(10), refused("rate_limited"))],
    [
      "not_charged",
      "also when the user was read since",
      facts(ready(10, undefined, 9), refused("rate_limited")),
    ],
    [
      "unavailable",
      "without a price for the usage",
      facts(ready(10, { other: 1 }), idle),
      { check: nothing },
    ],
    [
      "unavailable",
      "on a wrong endpoint",
      facts(failed("unexpected_response"), idle),
      { check: nothing },
    ],
    [
      "unavailable",
      "no look behind an endpoint that allows nobody to read",
      facts(failed("not_allowed"), idle),
      { check: undefined },
    ],
    [
      "unavailable",
      "no look where the app has to correct the gate",
      facts(ready(10), idle, { mistake: aresError("invalid_request") }),
      { check: undefined },
    ],
    [
      "unavailable",
      "behind such an endpoint, while it is asked again whether the resource is paid",
      facts(failed("not_allowed"), { status: "idle", asking: true }),
    ],
    ["unavailable", "on an unknown usage", facts(ready(10), refused("unknown_usage"))],
    ["charging", "on its way", facts(ready(10), charging), { price: 3 }],
    [
      "confirming",
      "what is left afterwards, in exact hundredths",
      facts(ready(0.3, { report: 0.2 }), idle, { asked: { price: 0.1 } }),
      { after: 0.2 },
    ],
    [
      "unknown",
      "a way out without a resource",
      facts(ready(10), unknown(false, true)),
      { reset: nothing },
    ],
    [
      "unknown",
      "a way out where nothing can be read",
      facts(ready(10), unknown(false, false, "r")),
      { reset: nothing },
    ],
    [
      "unknown",
      "no way out of a resource",
      facts(ready(10), unknown(false, true, "r")),
      { reset: undefined },
    ],
    [
      "unknown",
      "no way out while it is looked at",
      facts(ready(10), unknown(true, true)),
      { reset: undefined },
    ],
    [
      "entitled",
      "to a subscriber, whatever else is",
      facts(without("signed_out"), idle, { entitled: true }),
    ],
  ])("%s: %s", (status, _, given, members = {}) => {
    expect(gateState(given, act)).toMatchObject({ status, ...members });
  });

  test("the feature in no state but unlocked and entitled, whatever is known", () => {
    const users = [
      ready(10),
      ready(0),
      without("loading"),
      without("signed_out"),
      without("not_connected"),
      failed("network_error"),
    ];
    const charges = [
      idle,
      charging,
      refused("insufficient_credits"),
      refused("price_changed", 4),
      unknown(false, true),
    ];
    for (const user of users) {
      for (const charge of charges)
        expect(gateState(facts(user, charge), act).status).not.toBe("unlocked");
    }
  });
});
