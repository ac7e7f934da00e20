import { type AresError, inputText } from "../contract";
import { shortHash } from "./shortHash";

/** The usage and resource of a charge. Without a `resource` every gate is its own intent. */
export interface ChargeTarget {
  usage: string;
  resource?: string | undefined;
  /** What a quoted price follows from: plain JSON. Another input is another charge. */
  input?: unknown;
  /** For a paid call: stands for the action and its arguments. Only an equal call joins the charge, or adopts its key. */
  call?: string | undefined;
  /** True for a paid call that an equal call joins while it is under way. Arguments without a text, such as a file, equal no others. */
  joins?: boolean | undefined;
}

/** True for a target whose charge is one for all its handles. */
export function isShared({ resource, call, joins }: StoredTarget & { joins?: unknown }): boolean {
  return call === undefined ? resource !== undefined : joins === true;
}

/** A target as storage, other tabs and an index know it. `inputDigest` stands for the input, which is stored nowhere. */
export interface StoredTarget {
  usage?: unknown;
  resource?: unknown;
  inputDigest?: unknown;
  call?: unknown;
}

/** A digest of an input; undefined without an input. The order of members is no part of it, as in the ledger. */
export function inputDigestOf(input: unknown): string | undefined {
  return input === undefined ? undefined : shortHash(inputText(input) ?? JSON.stringify(input));
}

/** The name of a target in an index. */
export const targetId = ({ usage, resource, inputDigest, call }: StoredTarget): string =>
  JSON.stringify([usage, resource, inputDigest, call]);

/** Proof of a charged charge, as the browser knows it. */
export interface Receipt {
  usage: string;
  resource?: string | undefined;
  /** The charged price; undefined when neither the server nor the page knew the price. */
  credits: number | undefined;
  /** The balance after the charge, where the server told it. */
  balance: number | undefined;
  /** The id of the charge in the app's ledger. */
  id: string | undefined;
  /** The idempotency key of the charge, when this browser charged. */
  key: string | undefined;
  /** Milliseconds since 1970. */
  at: number;
  /** True when the charge was paid earlier and nothing was deducted now. */
  restored: boolean;
}

/** Where one intent to charge stands. */
export type ChargeState =
  /**
   * `asking`: whether the resource is already paid is being read. `unread`: why the last such read told nothing.
   * `usedUp`: the last charge here was paid and given up.
   */
  | {
      status: "idle";
      asking?: boolean | undefined;
      unread?: AresError | undefined;
      usedUp?: boolean | undefined;
    }
  /** `credits`: what was agreed to with this press. `stored` is false when the browser could not keep the key over a reload. */
  | { status: "charging"; credits?: number | undefined; stored?: boolean | undefined }
  | { status: "charged"; receipt: Receipt }
  /**
   * Provably not charged. `at` is when that became known. Before `retryAt` the server will refuse again. Milliseconds since 1970.
   * `credits`: what was agreed to with the press. `before`: the balance that the page knew then.
   */
  | {
      status: "not_charged";
      error: AresError;
      at: number;
      retryAt?: number | undefined;
      credits?: number | undefined;
      before?: number | undefined;
    }
  /** May or may not have been charged. It is only looked at, never sent again. */
  | {
      status: "unknown";
      error: AresError;
      /** True while the page checks the outcome by itself. */
      checking: boolean;
      /** False when the endpoint can't tell the state of a charge, like the partner guide's own route. */
      readable: boolean;
      /** What exactly is paid for. */
      resource?: string | undefined;
      evidence: ChargeEvidence;
    };

/** Whether the user may give the charge up. A new charge of a resource with a readable outcome would meet the same row. */
export const mayStartOver = ({
  checking,
  readable,
  resource,
}: Extract<ChargeState, { status: "unknown" }>): boolean => !checking && !(readable && resource);

/** The facts about an unconfirmed charge. Evidence, not proof: other apps spend from the same wallet. */
export interface ChargeEvidence {
  /** The balances before and after, where they are known. */
  before: number | undefined;
  after: number | undefined;
  /** The price that the press agreed to. */
  credits: number | undefined;
  /** The id of the charge in the app's ledger, where the server told it. */
  id?: string | undefined;
  /** When the charge was last sent, in milliseconds since 1970. */
  sentAt: number | undefined;
  /** How often this page has looked since. */
  looks: number;
  /** When the page looks again by itself; undefined during a look, and once the page has stopped. */
  nextAt?: number | undefined;
  /** False when the browser could not keep the key: this charge is forgotten with the page. */
  stored?: boolean | undefined;
}

export const IDLE: ChargeState = { status: "idle" };
