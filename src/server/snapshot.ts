import {
  type AresSnapshot,
  fromHundredths,
  type InputOf,
  listedPrice,
  type NeedsInput,
  type Prices,
  Resource,
  type SnapshotCharge,
  shownPrices,
} from "../contract";
import { readAccount } from "./ares/account";
import type { AresApi } from "./ares/aresApi";
import type { Authenticate } from "./auth/auth";
import { authenticated } from "./auth/session";
import { within } from "./bounded";
import type { ChargeEngine } from "./charge/chargeEngine";
import { ownerOf } from "./charge/owner";
import { refusalOf } from "./http/answers";
import { afterPrerender, type RequestOrHeaders } from "./http/asRequest";
import { namedResource } from "./http/readRequest";
import type { ChargeRow } from "./ledger/ledger";
import { msSinceSettled } from "./ledger/rows";
import { refuse } from "./refusals";

interface Target {
  usage: string;
  resource: string;
  input?: unknown;
}

type DigestedTarget = Target & { inputDigest: string | undefined };

/** A resource whose state the page shows first. A usage with a quoted price needs its `input`. */
export type SnapshotTarget<P extends Prices = Prices, U extends keyof P = keyof P> = {
  [Name in U & string]: { usage: Name; resource: string; input?: InputOf<P, Name> } & NeedsInput<
    P,
    Name
  >;
}[U & string];

/** What a snapshot reads, and how long it may take. */
export interface SnapshotOptions<T = SnapshotTarget> {
  /** The resources whose state the page shows first, at most 100. */
  charges?: readonly T[] | undefined;
  /** How long sign-in, ARES and ledger may take, in milliseconds. Later answers are left out. @default 1500 */
  timeoutMs?: number | undefined;
}

export interface SnapshotParts {
  clientId: string;
  prices: Prices;
  pretend?: boolean | undefined;
  api: AresApi;
  engine: Pick<ChargeEngine, "lookAll" | "readInput">;
  authenticate: Authenticate;
  countRequest: (kind: "charges" | "reads", userId: string) => void;
  onError: (error: unknown) => void;
  now: () => number;
}

/** Builds `ares.snapshot`: reads what the first paint shows. Nothing is charged, and nothing is written. */
export function createSnapshots({
  clientId,
  prices,
  pretend,
  api,
  engine,
  authenticate,
  countRequest,
  onError,
  now,
}: SnapshotParts) {
  /** The state of one resource; none while its charge is open. */
  function stateOf(
    { usage, resource, input }: DigestedTarget,
    row: ChargeRow | null,
  ): SnapshotCharge[] {
    const target = { usage, resource, input };
    if (!row || row.status === "declined") return [{ ...target, status: "idle" }];
    if (row.status !== "charged") return [];
    const { id, settledAt, createdAt } = row;
    const { keepMs = Number.POSITIVE_INFINITY } = listedPrice(prices, usage) ?? {};
    const paidUntil =
      keepMs === Number.POSITIVE_INFINITY ? undefined : now() + keepMs - msSinceSettled(row);
    const paid = {
      credits: fromHundredths(row.hundredths),
      balance: undefined,
      id,
      key: undefined,
      at: settledAt ?? createdAt,
    };
    return [
      {
        ...target,
        status: "charged",
        receipt: { usage, resource, ...paid, restored: true },
        paidUntil,
      },
    ];
  }

  /** The states of all resources. The only place that asks the ledger. */
  async function look(
    userId: string,
    targets: readonly DigestedTarget[],
  ): Promise<SnapshotCharge[]> {
    // An id comes from the address. One that can name nothing is not paid.
    const valid = targets.filter(({ resource }) => Resource.safeParse(resource).success);
    const rows = await engine.lookAll(userId, valid);
    const found = new Map(valid.map((target, n) => [target, rows[n] ?? null]));
    return targets.flatMap((target) => stateOf(target, found.get(target) ?? null));
  }

  async function withDigest({ usage, resource, input }: Target): Promise<DigestedTarget> {
    if (typeof resource !== "string") namedResource(resource);
    return { usage, resource, input, inputDigest: (await engine.readInput(usage, input))?.digest };
  }

  /** The result of work that ends in time; otherwise the code of its error. */
  async function endingBy<T>(
    endsAt: number,
    work: () => Promise<T>,
  ): Promise<{ value: T } | { code: string }> {
    try {
      return { value: await within(Math.max(0, endsAt - Date.now()), work()) };
    } catch (error) {
      return { code: refusalOf(error, onError).code };
    }
  }

  return async (
    from: RequestOrHeaders,
    { charges = [], timeoutMs = 1_500 }: SnapshotOptions = {},
  ): Promise<AresSnapshot> => {
    if (charges.length > MOST_CHARGES) throw refuse("invalid_request", {}, { message: TOO_MANY });
    const request = await afterPrerender(from);
    const targets = await Promise.all(charges.map(withDigest));
    const endsAt = Date.now() + timeoutMs;
    const inTime = <T>(work: () => Promise<T>) => endingBy(endsAt, work);

    const nobody = {
      version: 1,
      at: now(),
      locale: localeOf(request),
      prices: shownPrices(prices),
      connection: "unknown",
      charges: [],
      ...(pretend && { pretend: true }),
    } as const;
    const auth = await inTime(() => authenticated(authenticate, request));
    if ("code" in auth) return { ...nobody, session: sessionOf(auth.code) };
    const { userId } = auth.value;
    const somebody = {
      ...nobody,
      session: "signed_in",
      userKey: userId,
      owner: await ownerOf(clientId, userId),
    } as const;
    const counted = await inTime(async () => countRequest("reads", userId));
    if ("code" in counted) return somebody;

    const [account, states] = await Promise.all([
      inTime(() => readAccount(api, auth.value)),
      inTime(() => look(userId, targets)),
    ]);
    const known = { ...somebody, charges: "value" in states ? states.value : [] };
    if ("code" in account) return plain({ ...known, connection: connectionOf(account.code) });
    const { id, credits } = account.value;
    return plain({ ...known, connection: "connected", user: { id, credits } });
  };
}

const MOST_CHARGES = 100;
const TOO_MANY =
  "A snapshot holds at most 100 charges. Name only those that the page shows first. Nothing was charged.";

function sessionOf(code: string): "signed_out" | "loading" {
  return code === "not_signed_in" ? "signed_out" : "loading";
}

function connectionOf(code: string): "not_connected" | "reconnect" | "unknown" {
  return code === "not_connected" || code === "reconnect" ? code : "unknown";
}

/** Plain JSON: without members that are undefined. */
function plain(snapshot: AresSnapshot): AresSnapshot {
  return JSON.parse(JSON.stringify(snapshot));
}

/** The browser's first language, where this machine can write it. */
function localeOf({ headers }: Request): string {
  const [first = ""] = (headers.get("Accept-Language") ?? "").split(/[,;]/);
  try {
    return Intl.NumberFormat.supportedLocalesOf(first.trim())[0] ?? "en";
  } catch {
    return "en";
  }
}
