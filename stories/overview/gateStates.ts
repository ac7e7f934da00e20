import type { AresGateState, AresUserState } from "ares-react";
import type { ComponentProps } from "react";
import * as stories from "../components/AresGate.states.stories";
import * as balance from "../components/CreditBalance.stories";
import type { StateCell } from "./StateCell";

type Cell = ComponentProps<typeof StateCell>["story"];

/** Every state a gate can be in, with the story that shows it. A new member of the union without a story does not compile. */
export const gateStates = {
  loading: stories.Loading,
  signed_out: stories.SignedOut,
  not_connected: stories.NotConnected,
  reconnect: stories.Reconnect,
  locked: stories.Locked,
  confirming: stories.Confirming,
  charging: stories.Charging,
  unlocked: stories.Unlocked,
  insufficient: stories.Insufficient,
  price_changed: stories.PriceChanged,
  not_charged: stories.NotCharged,
  unknown: stories.Unknown,
  unavailable: stories.Unavailable,
  entitled: stories.Entitled,
} satisfies Record<AresGateState["status"], Cell>;

/** The same for the user behind a balance. */
export const userStates = {
  loading: balance.Loading,
  signed_out: balance.SignedOut,
  not_connected: balance.NotConnected,
  reconnect: balance.Reconnect,
  ready: balance.Default,
  error: balance.Unavailable,
} satisfies Record<AresUserState["status"], object>;
