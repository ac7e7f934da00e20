import { maxKeyAgeMs, need } from "../../contract";
import { faultOfUserId } from "../auth/auth";
import { askLedger, rowsWithin } from "../ledger/askLedger";
import type { ErasedUpTo } from "../ledger/erasing";
import type { Ledger } from "../ledger/ledger";
import { isUnsettled } from "../ledger/rows";
import { refuse } from "../refusals";

/** What a run of `charges.erase` has done, and what is left of the user. */
export interface ErasedUser {
  /** How many charges do not tell any more whose they were. */
  moved: number;
  /** How many charges still name the user. */
  stay: number;
  /** How many of these are open: they stay until they are settled, or resolved. */
  open: number;
  /** When the youngest of these is old enough for the next run, in milliseconds since 1970. Null: no charge is too young. */
  until: number | null;
  /** True where `auth` has removed the user's ARES tokens; false where another sign-in keeps them. */
  tokens: boolean;
}

export interface EraseUserParts {
  ledger: Ledger;
  /** Removes the user's tokens, where `auth` keeps them. */
  forget?: ((userId: string) => Promise<void>) | undefined;
}

/** A key may be sent for 24 hours, by clocks that may differ by minutes: until then its row must be found. */
const YOUNG_MS = maxKeyAgeMs + 60 * 60_000;

/**
 * Erases a user as far as money allows, in steps of a hundred rows.
 *
 * The new name lives only here, so that nobody can find the user's charges by it afterwards. A run that breaks off is run
 * again: the rows that are left get another name.
 */
export async function eraseUser(
  { ledger, forget }: EraseUserParts,
  userId: string,
): Promise<ErasedUser> {
  const { erase } = ledger;
  need(
    erase,
    "The ledger has no erase(), so it can't forget a user. Write it as Ledger describes it.",
  );
  const fault = faultOfUserId(userId);
  need(fault === undefined, `A userId ${fault} names nobody.`);
  await forget?.(userId).catch((cause: unknown) => {
    throw refuse("auth_unavailable", {}, { cause });
  });

  const { now } = await askLedger(() => ledger.health());
  const as = `erased-${crypto.randomUUID()}`;
  let moved = 0;
  let after: ErasedUpTo | undefined;
  do {
    const step = { as, madeBefore: now - YOUNG_MS, after };
    const done = await askLedger(() => erase.call(ledger, userId, step));
    moved += done.moved;
    after = done.next ?? undefined;
  } while (after);

  const rest = await rowsWithin(ledger, { userId }, Number.POSITIVE_INFINITY);
  const [youngest] = rest;
  return {
    moved,
    stay: rest.length,
    open: rest.filter(isUnsettled).length,
    until: youngest && youngest.ageMs <= YOUNG_MS ? youngest.createdAt + YOUNG_MS : null,
    tokens: forget !== undefined,
  };
}
