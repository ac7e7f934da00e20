import { keyMintedAt, Resource, UsageName } from "../../contract";
import { refuse } from "../refusals";

/** One look-up of a GET, as it was asked. */
export interface Asked {
  usage: string;
  resource?: string;
}

/** What a GET asks for; null: the balance. */
export type Question = { key: string } | readonly Asked[] | "recent" | null;

/** The most look-ups of one GET, and the longest query that holds them. */
const MAX_LOOK_UPS = 100;
const MAX_SEARCH = 4_096;

/** Reads the query of a GET. @throws {AresError} `idempotency_key_invalid`, `invalid_request` */
export function readQuery({ search, searchParams: query }: URL): Question {
  if (query.get("charges") === "recent") return "recent";
  const key = query.get("charge");
  if (key !== null) {
    if (keyMintedAt(key) === null) throw refuse("idempotency_key_invalid");
    return { key };
  }
  const usages = query.getAll("usage").length;
  if (usages === 0 && !query.has("resource")) return null;
  if (usages > MAX_LOOK_UPS || search.length > MAX_SEARCH + "?".length) throw refuse("invalid_request", {}, { message: TOO_MANY });
  if (usages > 1) return readGroups(query);
  const only = readOne(query);
  if (!isLookUp(only)) throw refuse("invalid_request", {}, { message: HOW });
  return [only];
}

/** True for a look-up that names a resource. */
export function isLookUp(asked: Asked): asked is Required<Asked> {
  return UsageName.safeParse(asked.usage).success && Resource.safeParse(asked.resource).success;
}

/** A single look-up may stand in any order. */
function readOne(query: URLSearchParams): Asked {
  const resource = query.get("resource");
  return { usage: query.get("usage") ?? "", ...(resource !== null && { resource }) };
}

/** Of several look-ups each begins with its usage. */
function readGroups(query: URLSearchParams): Asked[] {
  const groups: Asked[] = [];
  for (const [name, value] of query) {
    if (name === "usage") groups.push({ usage: value });
    if (name !== "resource") continue;
    const group = groups.at(-1);
    if (!group || name in group) throw refuse("invalid_request", {}, { message: HOW });
    group[name] = value;
  }
  return groups;
}

export const HOW = "Ask with ?charge=<key>, or with ?usage=<name>&resource=<id>, for up to 100 pairs one behind the other.";
const TOO_MANY = "One GET takes at most 100 look-ups and 4,096 characters of query. Ask in several requests.";
