import type { WorldSettings } from "../stories/world/createWorld";
import { type Network, networks } from "../stories/world/network";

/** A story's own settings, where the toolbar does not overrule them. A value from an address may be a number: `globals=balance:3`. */
export function settingsOf(
  settings: WorldSettings,
  globals: Record<string, unknown>,
): WorldSettings {
  const account = String(globals.account);
  const balance = String(globals.balance);
  const network = String(globals.network);
  return {
    ...settings,
    ...(isAccount(account) ? { account } : {}),
    ...(/^\d+(\.\d+)?$/.test(balance) ? { balance: Number(balance) } : {}),
    ...(isNetwork(network) ? { network } : {}),
  };
}

const isNetwork = (value: string): value is Network => value in networks;
const isAccount = (value: string): value is NonNullable<WorldSettings["account"]> =>
  ["signed_out", "not_connected", "connected", "reconnect"].includes(value);
