import { parseArgs } from "node:util";
import { keyMintedAt } from "../../contract";
import { type ChargeRow, type Desk, type DeskPlace, openDesk, reasonOf } from "./desk";
import {
  consequenceOf,
  detailsOf,
  erasedOf,
  erasureOf,
  jsonOf,
  lineOf,
  releaseOf,
  verdictsOf,
} from "./words";

export const CHARGES_USAGE = `Usage: ares-react charges list [module] [--unknown] [--user <id>] [--usage <name>] [--since <date>] [--limit <rows>]
       ares-react charges show [module] <charge id>
       ares-react charges show [module] --key <idempotency key> --user <id>
       ares-react charges resolve [module] <charge id> --to charged|not_charged --note "…"
       ares-react charges release [module] <charge id> --note "…"
       ares-react charges erase [module] <user id>
       ares-react charges export [module] [--user <id>] [--usage <name>] [--since <date>]
       ares-react reconcile [module] [--apply] [--limit <charges>]
       Each takes --json, --env-file <file>, and --yes where nobody can be asked. Exit codes: 0 done, 1 not done, 2 not possible`;

const verbs = ["list", "show", "resolve", "release", "erase", "export", "reconcile"] as const;
type Verb = (typeof verbs)[number];

const DONE = 0;
const NOT_DONE = 1;
const NOT_POSSIBLE = 2;
const PAGE = 200;

/**
 * `ares-react charges` and `ares-react reconcile`: the operator's view of the book. Says first which book it opened. Returns
 * the exit code: 0 done, 1 not done, 2 not possible.
 */
export async function runCharges(args: readonly string[], place: DeskPlace): Promise<number> {
  const asked = read(args);
  if (!asked) {
    place.tell(CHARGES_USAGE);
    return NOT_POSSIBLE;
  }
  const desk = await openDesk(asked.module, asked.envFile, place);
  if (!desk) return NOT_POSSIBLE;
  try {
    return await work[asked.verb](desk, asked, place);
  } catch (error) {
    place.tell(`The book could not be read or written: ${reasonOf(error)}`);
    return NOT_POSSIBLE;
  }
}

interface Asked {
  verb: Verb;
  module?: string | undefined;
  chargeId?: string | undefined;
  envFile?: string | undefined;
  unknown: boolean;
  user?: string | undefined;
  usage?: string | undefined;
  /** Milliseconds since 1970. */
  since: number;
  limit: number;
  key?: string | undefined;
  to?: "charged" | "not_charged" | undefined;
  note?: string | undefined;
  apply: boolean;
  json: boolean;
  yes: boolean;
}

type Work = (desk: Desk, asked: Asked, place: DeskPlace) => Promise<number>;

const work: Readonly<Record<Verb, Work>> = {
  async list(desk, asked, place) {
    let count = 0;
    for await (const row of rowsOf(desk, asked)) {
      if (count === asked.limit) {
        place.tell(`There are more. --limit ${asked.limit * 10} shows them.`);
        break;
      }
      count += 1;
      place.print(asked.json ? jsonOf(row) : lineOf(row));
    }
    place.tell(`${count} charge(s).`);
    return DONE;
  },

  async export(desk, asked, place) {
    for await (const row of rowsOf(desk, asked)) place.print(jsonOf(row));
    return DONE;
  },

  async show(desk, asked, place) {
    const row = await rowOf(desk, asked, place);
    if (!row) return NOT_DONE;
    place.print(asked.json ? jsonOf(row) : detailsOf(row));
    return DONE;
  },

  async resolve(desk, asked, place) {
    const { to, note } = asked;
    const row = await rowOf(desk, asked, place);
    if (!row || to === undefined || note === undefined) return NOT_DONE;
    if (row.status !== "unknown") {
      place.tell(`This charge is ${row.status}, and only an unknown one can be resolved.`);
      return NOT_DONE;
    }
    if (!(await isAgreed(consequenceOf(row, to), asked, place))) return NOT_DONE;
    return told(await desk.charges.resolve(row.id, to, note), place);
  },

  async release(desk, asked, place) {
    const { note } = asked;
    const row = await rowOf(desk, asked, place);
    if (!row || note === undefined) return NOT_DONE;
    if (row.redeemedBy.length === 0) {
      place.tell("No use of this charge is counted, so there is nothing to give back.");
      return NOT_DONE;
    }
    if (!(await isAgreed(releaseOf(row), asked, place))) return NOT_DONE;
    return told(await desk.charges.release(row.id, { note }), place);
  },

  async erase(desk, asked, place) {
    const { user = "" } = asked;
    let count = 0;
    for await (const _ of rowsOf(desk, asked)) count += 1;
    if (!(await isAgreed(erasureOf(user, count), asked, place))) return NOT_DONE;
    const erased = await desk.charges.erase(user);
    place.print(asked.json ? jsonOf(erased) : erasedOf(erased));
    return erased.stay === 0 ? DONE : NOT_DONE;
  },

  async reconcile(desk, asked, place) {
    const { limit, apply, json } = asked;
    if (apply && !(await mayApply(desk, asked, place))) return NOT_DONE;
    const proposals = await desk.reconcile({ limit, apply });
    for (const proposal of proposals) {
      const { chargeId, usage, credits, reason, applied } = proposal;
      const verdict = `${proposal.proposal ?? "undecided"}${applied ? ", stored" : ""}`;
      place.print(
        json
          ? jsonOf(proposal)
          : `${chargeId}  ${usage}  ${credits} credits  ${verdict}  ${reason}`,
      );
    }
    const isAllDone = proposals.every(({ applied, proposal }) => applied || (!apply && proposal));
    return isAllDone ? DONE : NOT_DONE;
  },
};

/** Asks before verdicts are stored. Without an unconfirmed charge there is nothing to ask. */
async function mayApply(desk: Desk, asked: Asked, place: DeskPlace): Promise<boolean> {
  const rows: ChargeRow[] = [];
  for await (const row of rowsOf(desk, { ...asked, unknown: true })) rows.push(row);
  return rows.length === 0 || isAgreed(verdictsOf(rows, asked.limit), asked, place);
}

/** The charges of a filter, newest first, a page at a time. */
async function* rowsOf(
  { charges }: Desk,
  { unknown, user, usage, since }: Pick<Asked, "unknown" | "user" | "usage" | "since">,
): AsyncGenerator<ChargeRow> {
  const filter = {
    limit: PAGE,
    ...(unknown && { status: "unknown" as const }),
    ...(user !== undefined && { userId: user }),
  };
  let before: ChargeRow | undefined;
  do {
    const rows = await charges.list({ ...filter, before });
    for (const row of rows) {
      if (row.createdAt < since) return;
      if (usage === undefined || row.usage === usage) yield row;
    }
    before = rows.at(-1);
  } while (before);
}

async function rowOf(
  { charges }: Desk,
  { chargeId, key, user }: Asked,
  { tell }: DeskPlace,
): Promise<ChargeRow | null> {
  const named =
    key !== undefined && user !== undefined ? { key, userId: user } : { chargeId: chargeId ?? "" };
  const row = await charges.find(named);
  if (!row) tell(nothingAt(chargeId));
  return row;
}

/** A key in the place of an id finds nothing, whatever became of its charge. */
function nothingAt(chargeId: string | undefined): string {
  return chargeId !== undefined && keyMintedAt(chargeId) !== null
    ? `This is a key, and no charge id. Find its charge: charges show --key ${chargeId} --user <user id>`
    : "There is no such charge in this book.";
}

async function isAgreed(question: string, { yes }: Asked, { confirm, tell }: DeskPlace) {
  if (yes) return true;
  const answer = await confirm(question);
  if (answer === undefined) tell(`${question} Nobody can answer here: pass --yes.`);
  return answer === true;
}

function told(isStored: boolean, { tell }: DeskPlace): number {
  tell(isStored ? "Stored." : "Not stored: the charge has changed meanwhile. Look at it again.");
  return isStored ? DONE : NOT_DONE;
}

const options = {
  "env-file": { type: "string" },
  unknown: { type: "boolean", default: false },
  user: { type: "string" },
  usage: { type: "string" },
  since: { type: "string", default: "1970-01-01" },
  limit: { type: "string", default: "50" },
  key: { type: "string" },
  to: { type: "string" },
  note: { type: "string" },
  apply: { type: "boolean", default: false },
  json: { type: "boolean", default: false },
  yes: { type: "boolean", short: "y", default: false },
} as const;

/** One charge id in 64 begins with a dash, as an option does. It is longer than every option, and stands last. */
const DASHED_ID = /^-[\w-]{42}( |$)/;

function read(args: readonly string[]): Asked | undefined {
  try {
    const ids = args.filter((each) => DASHED_ID.test(each));
    const { values, positionals } = parseArgs({
      args: args.filter((each) => !ids.includes(each)),
      allowPositionals: true,
      options,
    });
    const verb = verbs.find((each) => each === positionals[0]);
    const to = (["charged", "not_charged"] as const).find((each) => each === values.to);
    const { others, named, module } = placesOf(
      verb,
      [...positionals.slice(1), ...ids],
      values.key !== undefined,
    );
    const asked = {
      ...values,
      verb,
      module,
      ...(verb === "erase" ? { user: named } : { chargeId: named }),
      envFile: values["env-file"],
      since: Date.parse(values.since),
      limit: Number(values.limit),
      to,
    };
    const isSound =
      others.length === 0 &&
      to === values.to &&
      !Number.isNaN(asked.since) &&
      Number.isInteger(asked.limit) &&
      asked.limit > 0;
    return isSound && isWhole(asked) ? asked : undefined;
  } catch {
    return undefined;
  }
}

/** The last place is the charge's or the user's, where a verb wants one. */
function placesOf(verb: Verb | undefined, places: readonly string[], byKey: boolean) {
  const wantsOne =
    verb === "resolve" || verb === "release" || verb === "erase" || (verb === "show" && !byKey);
  const named = wantsOne ? places.at(-1) : undefined;
  const [module, ...others] = wantsOne ? places.slice(0, -1) : places;
  return { module, named, others };
}

/** True where everything is named that the verb needs. */
function isWhole(asked: Omit<Asked, "verb"> & { verb: Verb | undefined }): asked is Asked {
  const { verb, chargeId, key, user, to, note } = asked;
  switch (verb) {
    case undefined:
      return false;
    case "show":
      return chargeId !== undefined || (key !== undefined && user !== undefined);
    case "resolve":
      return chargeId !== undefined && to !== undefined && Boolean(note?.trim());
    case "release":
      return chargeId !== undefined && Boolean(note?.trim());
    case "erase":
      return Boolean(user);
    default:
      return true;
  }
}
