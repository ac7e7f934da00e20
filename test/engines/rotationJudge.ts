import type { Harm } from "../../src/cli/prove/startFleet";

/** One refresh in the provider's book. Times are milliseconds since 1970. */
export interface Refresh {
  user: string;
  /** All tokens that come from one consent. */
  link: string;
  /** The number of the refresh token that was sent. */
  token: number;
  /** The process that sent it. */
  server: number;
  at: number;
  answeredAt: number;
  /** False where the provider refused, because the link has ended. */
  ok: boolean;
  /** The provider has done its work, and the trial has lost the reply. */
  lost: boolean;
  /** The server had given up when the reply came. */
  late: boolean;
}

/** A write of a server to the store that failed or took long. */
export interface SlowWrite {
  server: number;
  from: number;
  to: number;
}

export const causes = [
  "reply lost",
  "reply late",
  "killed",
  "frozen",
  "store out of reach",
] as const;
export type Cause = (typeof causes)[number];

/** A server that has its answer stores it within this time, unless it was harmed. */
const STORES_WITHIN_MS = 5_000;
/** A request leaves so long before the provider sees it, at most. */
const ON_ITS_WAY_MS = 2_000;
/** A request that leaves has so much of its lease left, at least, less what it needs to arrive. */
const HELD_MS = 9_000;
/** A server that was frozen between "sent" and the send itself counts as gone after this time. */
const LEASE_MS = 40_000;

/**
 * Why links have ended: one cause a link. A provider that detects reuse ends a link when a refresh token comes a second time, so
 * the first send of that token tells the cause: its reply was lost or late, or its server was killed or frozen before it had stored
 * the answer, or it could not write to the store until another server had a right to send. `unexplained` are the links that ended
 * for no such reason.
 */
export function whyLinksEnded(
  refreshes: readonly Refresh[],
  harms: readonly Harm[],
  slowWrites: readonly SlowWrite[],
): { counts: Record<Cause, number>; unexplained: string[] } {
  const counts = Object.fromEntries(causes.map((cause) => [cause, 0])) as Record<Cause, number>;
  const unexplained: string[] = [];
  for (const [link, all] of groupBy(refreshes, ({ link }) => link)) {
    if (all.every(({ ok }) => ok)) continue;
    const cause = causeOf(all, harms, slowWrites);
    if (cause) counts[cause] += 1;
    else unexplained.push(`${link}: ${all.map(told).join("; ")}`);
  }
  return { counts, unexplained };
}

/** The cause of the first refresh token of a link that was sent twice. */
function causeOf(
  all: readonly Refresh[],
  harms: readonly Harm[],
  slowWrites: readonly SlowWrite[],
): Cause | undefined {
  const inOrder = all.toSorted((one, other) => one.at - other.at);
  const again = inOrder.find((each, place) =>
    inOrder.slice(0, place).some(({ token }) => token === each.token),
  );
  const first = inOrder.find(({ token }) => token === again?.token);
  if (!again || !first) return undefined;
  if (first.lost) return "reply lost";
  if (first.late) return "reply late";
  const harm = harms.find(
    ({ server, from, to }) =>
      server === first.server &&
      from <= first.answeredAt + STORES_WITHIN_MS &&
      to >= first.at - ON_ITS_WAY_MS,
  );
  if (harm) return harm.what;
  const wasFrozen = harms.some(
    ({ what, server, from, to }) =>
      what === "frozen" && server === again.server && from <= again.at && to >= again.at - LEASE_MS,
  );
  if (wasFrozen) return "frozen";
  return couldNotStore(first, again, slowWrites) ? "store out of reach" : undefined;
}

/** Nobody else may send a token for a while. Within it, its first server must have stored the reply. */
function couldNotStore(first: Refresh, again: Refresh, slowWrites: readonly SlowWrite[]): boolean {
  const hadTime = again.at - first.at >= HELD_MS;
  const isHindered = slowWrites.some(
    ({ server, from, to }) => server === first.server && from <= again.at && to >= first.answeredAt,
  );
  return hadTime && isHindered;
}

function told({ token, server, at, answeredAt, ok }: Refresh): string {
  return `token ${token} from ${server} at ${at}, ${ok ? "renewed" : "refused"} after ${answeredAt - at} ms`;
}

export function groupBy<T>(all: readonly T[], nameOf: (each: T) => string): Map<string, T[]> {
  const groups = new Map<string, T[]>();
  for (const each of all) {
    const name = nameOf(each);
    groups.set(name, [...(groups.get(name) ?? []), each]);
  }
  return groups;
}
