import type { Prices } from "../../contract";
import type { AresApi } from "../ares/aresApi";
import type { AresAuth } from "../auth/auth";
import type { ChargeRow, Ledger } from "../ledger/ledger";
import type { ClaimRow } from "./claimLimit";
import type { ChargeChange } from "./events";
import type { Begin } from "./spendCap";

/** One intent to charge, already authenticated and well-formed. */
export interface Intent {
  auth: AresAuth;
  /** When the request arrived, on this server's clock. */
  arrivedAt: number;
  key: string;
  usage: string;
  resource: string | null;
  /** The input of a usage with a quoted price. */
  input?: unknown;
  /** The request that charges. A price function may read its headers. */
  request: Request;
  /** What the user was shown, in credits. The key may tell it too. */
  shownCredits?: number | undefined;
  /** The owner whom the page shows. The key may tell it too. */
  shownOwner?: string | undefined;
  /** Takes the count of the request back, where the request is counted already. */
  giveBack?: () => void;
  /** How often `ares.charge` replays this charge, where that has an end. Noted with the outcome. */
  repeats?: number | undefined;
  /** The exact time of the intent, where the key's own time is rounded. */
  mintedAt?: number;
}

/** A paid charge. */
export interface Charged {
  row: Pick<
    ChargeRow,
    "id" | "key" | "fingerprint" | "usage" | "resource" | "hundredths" | "createdAt" | "settledAt"
  >;
  replayed: boolean;
  /** How long ago it was charged, in milliseconds. */
  agoMs: number;
  /** An operator or evidence confirmed the charge, so its caller may never have had an answer. */
  resolved?: boolean;
  /** Whole hundredths, where ARES told it with this charge. */
  balanceAfter?: number;
}

export interface EngineParts {
  clientId: string;
  prices: Prices;
  ledger: Ledger;
  api: AresApi;
  /** Whether to read the balance before each charge, as evidence for an unconfirmed one. */
  readBalanceBefore: boolean;
  /** How long one call to ARES may take, in milliseconds. */
  sendMs: number;
  now: () => number;
  newId: () => string;
  /** Counts a request, and returns what takes its count back. Throws `rate_limited` when the user asks too often. */
  countRequest: (kind: "charges" | "reads", userId: string) => () => void;
  /** Whether the app takes no new charges at the moment. */
  isPaused: () => Promise<boolean>;
  /** Reserves a charge, under the limit on the user's new charges. */
  claim: ClaimRow;
  /** The fence in front of ARES, under the user's spending cap. */
  begin: Begin;
  emit: (change: ChargeChange) => void;
  waitUntil?: ((work: Promise<void>) => void) | undefined;
}

/** A row that this attempt has claimed. */
export type Claimed = Charged["row"] & Pick<ChargeRow, "attempt" | "userId">;
