import type { ChargeStatus } from "./charge";

/**
 * What the server knows of one user at one moment: plain JSON for the first paint of that user's page. Made by
 * `ares.snapshot`, read by `<AresProvider initial={snapshot}>`.
 *
 * Never cache a snapshot for more than one user: the balance and the charges of its user are in it. No e-mail is in it.
 */
export interface AresSnapshot {
  version: 1;
  /** The server's time, in milliseconds since 1970. */
  at: number;
  /** The first language that the browser asked for: server and browser then write numbers alike. */
  locale: string;
  /** `unknown`: the sign-in did not answer in time. */
  session: "signed_in" | "signed_out" | "unknown";
  /** `unknown`: nobody is signed in, or ARES did not answer in time. */
  connection: "connected" | "not_connected" | "reconnect" | "unknown";
  /** The app's own id of the user, as `auth` gave it. A provider with another `userKey` shows nothing of this snapshot. */
  userKey?: string | undefined;
  /** The same opaque digest of the user as in the endpoint's answers. */
  owner?: string | undefined;
  /** The account at ARES. Missing when ARES did not answer in time. */
  user?: { id?: string | undefined; credits: number } | undefined;
  /** Usage to credits. */
  prices: Readonly<Record<string, number>>;
  /** The charges that were asked for. Empty when the ledger did not answer in time. */
  charges: readonly SnapshotCharge[];
}

/** The state of one resource. Times are in milliseconds since 1970. */
export interface SnapshotCharge {
  usage: string;
  /** As the app asked for it. */
  resource: string;
  /** `absent`: not paid. */
  status: "absent" | ChargeStatus;
  id?: string | undefined;
  /** The charged price. */
  credits?: number | undefined;
  settledAt?: number | undefined;
  /** With `unknown`: the app serves the feature anyway. */
  granted?: boolean | undefined;
  /** The end of a paid charge, by the server's clock. Missing when the resource stays paid. */
  paidUntil?: number | undefined;
}
