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
  /** As the provider's `session`. `loading`: the sign-in did not answer in time. */
  session: "signed_in" | "signed_out" | "loading";
  /** As the provider's `connection`. `unknown`: nobody is signed in, or ARES did not answer in time. */
  connection: "connected" | "not_connected" | "reconnect" | "unknown";
  /** True when `pretend()` stands in for ARES. The page says so before its first request. */
  pretend?: boolean | undefined;
  /** The app's own id of the user, as `auth` gave it. A provider with another `userKey` shows nothing of this snapshot. */
  userKey?: string | undefined;
  /** The same opaque digest of the user as in the endpoint's answers. */
  owner?: string | undefined;
  /** The account at ARES. Missing when ARES did not answer in time. */
  user?: { id?: string | undefined; credits: number } | undefined;
  /** Usage to credits. */
  prices: Readonly<Record<string, number>>;
  /** The charges that were asked for. One that is open or could not be read is missing: the page reads it by itself. */
  charges: readonly SnapshotCharge[];
}

/** The state of one resource, in the words of `useAresUsage`. Times are in milliseconds since 1970. */
export type SnapshotCharge = {
  usage: string;
  /** As the app asked for it. */
  resource: string;
  /** The input of a usage with a quoted price, as the app gave it. */
  input?: unknown;
  /** The end of the paid time, by the server's clock. Missing when the resource is not paid, or stays paid. */
  paidUntil?: number | undefined;
} & ({ status: "idle" } | { status: "charged"; receipt: SnapshotReceipt });

/** The receipt of a charge that was paid before, as the page's own receipts. */
interface SnapshotReceipt {
  usage: string;
  resource: string;
  credits: number | undefined;
  balance: undefined;
  id: string | undefined;
  key: undefined;
  at: number;
  restored: true;
}
