import type { AresSnapshot } from "../contract";
import type { ChargeState, ChargeTarget } from "./chargeState";
import type { ConnectionOptions } from "./connection";
import type { AresChannel, PageLocks } from "./tabs";

export interface AresClientOptions extends ConnectionOptions {
  /** The app's own id of the signed-in user. Nothing of one user is ever shown to another. */
  userKey?: string | undefined;
  /** What the server knew of this user when it made the page. The client begins with this, and a read knows better. */
  initial?: AresSnapshot | undefined;
  /** @default globalThis.localStorage */
  storage?: Storage | undefined;
  /** @default navigator.locks */
  locks?: PageLocks | undefined;
  /** Opens the line to other tabs. @default BroadcastChannel */
  openChannel?: ((name: string) => AresChannel) | undefined;
  /** @default Date.now */
  now?: (() => number) | undefined;
  /** @default mintKey */
  newKey?: ((now: number) => string) | undefined;
  /** How long a press waits for an answer, in milliseconds. @default 30000 */
  timeoutMs?: number | undefined;
  /** Runs when a charge may have moved the balance: with the new balance, or undefined when it must be read. */
  onCharged?: ((balance: number | undefined) => void) | undefined;
  /** Runs once for each outcome of a charge that this page made, or adopted from a page that is gone. */
  onOutcome?: ((target: ChargeTarget, state: ChargeState) => void) | undefined;
  /** Runs when the endpoint answers for another user than before. */
  onOtherUser?: (() => void) | undefined;
  /** Runs when another page of this browser says that another user, or nobody, is signed in. The next read tells whether it is so. */
  onNewcomer?: (() => void) | undefined;
}
