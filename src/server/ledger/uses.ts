import * as z from "zod/mini";
import type { ChargeRow } from "./ledger";
import type { RedeemResult, Redemption, UseState } from "./redemption";

/** What a ledger notes of one use beside its name. A use without a note has ended. */
const UseNote = /* @__PURE__ */ (() =>
  z.object({
    attempt: z.optional(z.string()),
    body: z.optional(z.string()),
    /** When the lease of the running work ends, on the store's clock. Without it the use has ended. */
    until: z.optional(z.number()),
    /** How often ended work was asked for again, and how often it may be. */
    repeats: z.optional(z.number()),
    most: z.optional(z.number()),
  }))();

/** The notes on the uses of one row. `token` is new with each write, so that two writers notice each other. */
const UseNotes = /* @__PURE__ */ (() =>
  z.object({
    token: z.string(),
    /** How many uses were given back under a limit. */
    returned: z.number(),
    uses: z.array(z.tuple([z.string(), UseNote])),
  }))();

export type UseNotes = z.infer<typeof UseNotes>;

export const NO_NOTES: UseNotes = { token: "", returned: 0, uses: [] };

/** The notes of the newest uses are kept. An older use counts as ended. */
const MOST_NOTES = 100;

/** Reads the notes of a row. A row that was never used has none. */
function readNotes(text: string): UseNotes {
  return text === "" ? NO_NOTES : UseNotes.parse(JSON.parse(text));
}

/** What each use of a row is worth to its next request. `now` is the store's clock. */
export function usesOf(redeemedBy: readonly string[], notes: UseNotes, now: number): UseState[] {
  const noteOf = new Map(notes.uses);
  return redeemedBy.map((by) => {
    const { until, repeats = 0, most } = noteOf.get(by) ?? {};
    if (until !== undefined) return { by, work: until > now ? "running" : "unfinished" };
    return {
      by,
      work: "ended",
      repeatsLeft: most === undefined ? undefined : Math.max(0, most - repeats),
    };
  });
}

/** As `usesOf`, of the notes as text. */
export function storedUsesOf(redeemedBy: readonly string[], notes: string, now: number) {
  return usesOf(redeemedBy, readNotes(notes), now);
}

export interface UseDecision {
  answer: RedeemResult;
  /** What the ledger has to write before the answer holds. */
  write?: { redeemedBy: string[]; notes: UseNotes };
}

/** Decides what a redemption does to a row: the one rule of all engines. `now` is the store's clock. */
export function decideUse(
  row: Pick<ChargeRow, "status" | "redeemedBy">,
  notes: UseNotes,
  redemption: Redemption,
  now: number,
  token: string = crypto.randomUUID(),
): UseDecision {
  const {
    by,
    uses = 1,
    release = false,
    attempt,
    leaseMs,
    work,
    body,
    repeats,
    releases,
  } = redemption;
  if (row.status !== "charged") return { answer: "absent" };
  const isUsed = row.redeemedBy.includes(by);
  const note = notes.uses.find(([usedBy]) => usedBy === by)?.[1];
  const holds = note?.attempt !== undefined && note.attempt === attempt;
  const until = leaseMs === undefined ? undefined : now + leaseMs;
  const most = repeats ?? note?.most;

  function write(
    answer: RedeemResult,
    note: UseNotes["uses"][number][1] | null,
    returned = notes.returned,
  ): UseDecision {
    const others = notes.uses.filter(([usedBy]) => usedBy !== by);
    const kept: UseNotes["uses"] = note ? [...others.slice(1 - MOST_NOTES), [by, note]] : others;
    const redeemedBy = note
      ? isUsed
        ? row.redeemedBy
        : [...row.redeemedBy, by]
      : row.redeemedBy.filter((usedBy) => usedBy !== by);
    return { answer, write: { redeemedBy, notes: { token, returned, uses: kept } } };
  }

  if (release) {
    if (!isUsed || (attempt !== undefined && !holds)) return { answer: "absent" };
    if (releases === undefined) return write("ok", null);
    return notes.returned < releases
      ? write("ok", null, notes.returned + 1)
      : write("used", { ...note, until: undefined });
  }
  if (work !== undefined) {
    // Work that has ended does not go on: a renewal may arrive after the end.
    if (!isUsed || !holds || (work === "goes_on" && note.until === undefined))
      return { answer: "absent" };
    return write("ok", { ...note, until: work === "ended" ? undefined : until });
  }
  if (!isUsed)
    return row.redeemedBy.length < uses
      ? write("ok", { attempt, body, until, most })
      : { answer: "used" };
  if (body !== undefined && note?.body !== undefined && note.body !== body)
    return { answer: "mismatch" };
  if (note?.until !== undefined) {
    // A lease that ends later than it can comes from a clock that was set back.
    const alive = note.until > now && note.until <= now + (leaseMs ?? Number.POSITIVE_INFINITY);
    return alive && !holds ? { answer: "busy" } : write("ok", { ...note, attempt, until, most });
  }
  if (holds) return { answer: "ok" };
  if (repeats === undefined) return { answer: "already_by_me" };
  const repeated = note?.repeats ?? 0;
  return repeated < repeats
    ? write("already_by_me", { ...note, repeats: repeated + 1, most })
    : { answer: "used" };
}

/** A row as its store keeps it, with the notes as text and the store's clock. */
export interface StoredUses {
  row: ChargeRow;
  useNotes: string;
  readAt: number;
}

/** Each lost try is another use that was counted. */
const MOST_TRIES = 1_000;

/** Counts a use in a store: reads, decides, and writes only over the notes that were read. */
export async function countUse(
  redemption: Redemption,
  read: () => Promise<StoredUses | null>,
  write: (change: {
    attempt: string;
    seen: string;
    redeemedBy: string;
    notes: string;
  }) => Promise<boolean>,
): Promise<RedeemResult> {
  for (let tries = 0; tries < MOST_TRIES; tries++) {
    const stored = await read();
    if (!stored) return "absent";
    const { row, useNotes: seen, readAt } = stored;
    const { answer, write: change } = decideUse(row, readNotes(seen), redemption, readAt);
    if (!change) return answer;
    const { attempt } = row;
    if (
      await write({
        attempt,
        seen,
        redeemedBy: JSON.stringify(change.redeemedBy),
        notes: JSON.stringify(change.notes),
      })
    )
      return answer;
  }
  throw new Error(`Other uses of this charge were written first, ${MOST_TRIES} times.`);
}
