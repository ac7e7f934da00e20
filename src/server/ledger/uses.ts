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
    /** Why an operator gave uses back, the last time. */
    released: z.optional(z.string()),
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
function usesOf(redeemedBy: readonly string[], notes: UseNotes, now: number): UseState[] {
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

/** What a row tells of its uses. `now` is the store's clock. */
export function factsOfUses(
  redeemedBy: readonly string[],
  notes: UseNotes,
  now: number,
): Pick<ChargeRow, "uses" | "releaseNote"> {
  const { released } = notes;
  return {
    uses: usesOf(redeemedBy, notes, now),
    ...(released !== undefined && { releaseNote: released }),
  };
}

/** As `factsOfUses`, of the notes as text. */
export function storedFactsOfUses(redeemedBy: readonly string[], notes: string, now: number) {
  return factsOfUses(redeemedBy, readNotes(notes), now);
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
  if (row.status !== "charged") return { answer: "absent" };
  const { by, attempt } = redemption;
  const note = notes.uses.find(([usedBy]) => usedBy === by)?.[1];
  const use: UseAtHand = {
    redeemedBy: row.redeemedBy,
    isUsed: row.redeemedBy.includes(by),
    note,
    holds: note?.attempt !== undefined && note.attempt === attempt,
    notes,
    redemption,
    now,
    token,
  };
  if (redemption.release) return release(use);
  if (redemption.work !== undefined) return renewOrEnd(use);
  return use.isUsed ? takeAgain(use) : take(use);
}

type Note = z.infer<typeof UseNote>;

/** A redemption, and what its row knows of its `by`. */
interface UseAtHand {
  redeemedBy: string[];
  isUsed: boolean;
  note: Note | undefined;
  /** True for the attempt that took the use. */
  holds: boolean;
  notes: UseNotes;
  redemption: Redemption;
  now: number;
  token: string;
}

/** Writes the note of a use. */
function keepUse(use: UseAtHand, answer: RedeemResult, note: Note): UseDecision {
  const { redeemedBy, isUsed, notes, token } = use;
  const { by } = use.redemption;
  const others = notes.uses.filter(([usedBy]) => usedBy !== by);
  const uses: UseNotes["uses"] = [...others.slice(1 - MOST_NOTES), [by, note]];
  return {
    answer,
    write: {
      redeemedBy: isUsed ? redeemedBy : [...redeemedBy, by],
      notes: { ...notes, token, uses },
    },
  };
}

/** Gives a use back. `returned` is how many uses were given back under a limit, this one included. */
function giveBack(
  { redeemedBy, notes, redemption, token }: UseAtHand,
  returned: number,
): UseDecision {
  const { by, note } = redemption;
  return {
    answer: "ok",
    write: {
      redeemedBy: redeemedBy.filter((usedBy) => usedBy !== by),
      notes: {
        ...notes,
        token,
        returned,
        uses: notes.uses.filter(([usedBy]) => usedBy !== by),
        ...(note !== undefined && { released: note }),
      },
    },
  };
}

function release(use: UseAtHand): UseDecision {
  const { attempt, releases } = use.redemption;
  const { returned } = use.notes;
  if (!use.isUsed || (attempt !== undefined && !use.holds)) return { answer: "absent" };
  if (releases === undefined) return giveBack(use, returned);
  if (returned < releases) return giveBack(use, returned + 1);
  return keepUse(use, "used", { ...use.note, until: undefined });
}

function renewOrEnd(use: UseAtHand): UseDecision {
  const { isUsed, holds, note, redemption } = use;
  if (!isUsed || !holds) return { answer: "absent" };
  if (redemption.work === "ended") return keepUse(use, "ok", { ...note, until: undefined });
  // Work that has ended does not go on: a renewal may arrive after the end.
  if (note?.until === undefined) return { answer: "absent" };
  return keepUse(use, "ok", { ...note, until: leaseEnd(use) });
}

function take(use: UseAtHand): UseDecision {
  const { attempt, body, uses = 1 } = use.redemption;
  if (use.redeemedBy.length >= uses) return { answer: "used" };
  return keepUse(use, "ok", { attempt, body, until: leaseEnd(use), most: mostRepeats(use) });
}

function takeAgain(use: UseAtHand): UseDecision {
  const { note, holds, redemption } = use;
  const { attempt, body, repeats } = redemption;
  if (body !== undefined && note?.body !== undefined && note.body !== body)
    return { answer: "mismatch" };
  const most = mostRepeats(use);
  if (note?.until !== undefined) {
    if (!holds && isRunning(use, note.until)) return { answer: "busy" };
    return keepUse(use, "ok", { ...note, attempt, until: leaseEnd(use), most });
  }
  if (holds) return { answer: "ok" };
  if (repeats === undefined) return { answer: "already_by_me" };
  const repeated = note?.repeats ?? 0;
  if (repeated >= repeats) return { answer: "used" };
  return keepUse(use, "already_by_me", { ...note, repeats: repeated + 1, most });
}

/** True while the lease lives. A lease that ends later than it can comes from a clock that was set back. */
function isRunning({ redemption, now }: UseAtHand, until: number): boolean {
  const { leaseMs = Number.POSITIVE_INFINITY } = redemption;
  return until > now && until <= now + leaseMs;
}

function leaseEnd({ redemption: { leaseMs }, now }: UseAtHand): number | undefined {
  return leaseMs === undefined ? undefined : now + leaseMs;
}

function mostRepeats({ redemption, note }: UseAtHand): number | undefined {
  return redemption.repeats ?? note?.most;
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
