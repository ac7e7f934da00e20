import { bytesOf, keyMintedAt, maxAskedInputBytes, Resource, UsageName } from "../../contract";
import { refuse } from "../refusals";
import { parseJson } from "./readRequest";

/** One look-up of a GET, as it was asked. `input` is the JSON text of a quoted usage's input. */
export interface Asked {
  usage: string;
  resource?: string;
  input?: string;
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
  if (usages === 0 && !query.has("resource") && !query.has("input")) return null;
  if (usages > MAX_LOOK_UPS || search.length > MAX_SEARCH + "?".length) throw refuse("invalid_request", {}, { message: TOO_MANY });
  if (usages > 1) return readGroups(query);
  const only = readOne(query);
  if (!isLookUp(only)) throw refuse("invalid_request", {}, { message: HOW });
  return [only];
}

/** True for a look-up that names a resource, an input, or both. */
export function isLookUp({ usage, resource, input }: Asked): boolean {
  if (!UsageName.safeParse(usage).success || (resource === undefined && input === undefined)) return false;
  if (resource !== undefined && !Resource.safeParse(resource).success) return false;
  return input === undefined || (bytesOf(input) <= maxAskedInputBytes && parseJson(input) !== undefined);
}

/** A single look-up may stand in any order. */
function readOne(query: URLSearchParams): Asked {
  const [resource, input] = [query.get("resource"), query.get("input")];
  return { usage: query.get("usage") ?? "", ...(resource !== null && { resource }), ...(input !== null && { input }) };
}

/** Of several look-ups each begins with its usage. */
function readGroups(query: URLSearchParams): Asked[] {
  const groups: Asked[] = [];
  for (const [name, value] of query) {
    if (name === "usage") groups.push({ usage: value });
    if (name !== "resource" && name !== "input") continue;
    const group = groups.at(-1);
    if (!group || name in group) throw refuse("invalid_request", {}, { message: HOW });
    group[name] = value;
  }
  return groups;
}

export const HOW =
  "Ask with ?charge=<key>, or with ?usage=<name>, and resource=<id>, input=<JSON> of at most 512 bytes, or both. Up to 100 may stand one behind the other.";
const TOO_MANY = "One GET takes at most 100 look-ups and 4,096 characters of query. Ask in several requests.";
