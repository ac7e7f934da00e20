import type { ChargeRow, Claim, Ledger } from "ares-react/server";

/**
 * A ledger that an app wrote for version 0.1, in a plain map. This file never changes: apps have such ledgers, and a
 * new version of the kit must work with them.
 */
export function ledgerFor01(now: () => number = Date.now): Ledger {
  type Stored = Omit<Claim, "leaseMs" | "mintedAt" | "retainMs"> &
    Pick<ChargeRow, "id" | "status" | "createdAt" | "settledAt" | "outcome" | "redeemedBy"> & { leaseUntil: number };
  const epoch = now();
  const rows = new Map<string, Stored>();

  function shown(row: Stored): ChargeRow {
    const { leaseUntil, ...same } = row;
    return {
      ...same,
      status: row.status === "sending" && leaseUntil <= now() ? "unknown" : row.status,
      outcome: { ...row.outcome },
      redeemedBy: [...row.redeemedBy],
      leaseLeftMs: leaseUntil - now(),
      ageMs: now() - row.createdAt,
      settledAgoMs: row.settledAt === null ? null : now() - row.settledAt,
    };
  }

  return {
    async claim(id, { leaseMs, mintedAt, retainMs: _, ...claim }) {
      const row = rows.get(id);
      if (row && row.fingerprint !== claim.fingerprint) return { k: "mismatch" };
      const free = row?.status === "claimed" && (row.leaseUntil <= now() || row.attempt === claim.attempt);
      if (row && !free && !(row.status === "declined" && row.key !== claim.key)) {
        const seen = shown(row);
        return seen.status === "claimed" || seen.status === "sending" ? { k: "busy", row: seen } : { k: "done", row: seen };
      }
      const holder = [...rows.values()].find(({ userId, key }) => userId === claim.userId && key === claim.key);
      if (holder && holder.id !== id) return { k: "mismatch" };
      if (!row && mintedAt < epoch) return { k: "reset" };
      const fresh = { createdAt: now(), settledAt: null, outcome: {}, redeemedBy: [] };
      rows.set(id, { ...claim, ...fresh, id, status: "claimed", leaseUntil: now() + leaseMs });
      return { k: "mine" };
    },
    async begin(id, { attempt, leaseMs }) {
      const row = rows.get(id);
      if (row?.attempt !== attempt || (row.status !== "claimed" && row.status !== "sending")) return false;
      rows.set(id, { ...row, status: "sending", leaseUntil: now() + leaseMs });
      return true;
    },
    async settle(id, { attempt, to, outcome }) {
      const row = rows.get(id);
      if (row?.attempt !== attempt) return false;
      if (row.status === to) return true;
      if (row.status !== "sending" && !(row.status === "unknown" && to !== "claimed")) return false;
      rows.set(id, { ...row, status: to, outcome, leaseUntil: now(), settledAt: to === "claimed" ? null : now() });
      return true;
    },
    async find(id) {
      const row = rows.get(id);
      return row ? shown(row) : null;
    },
    async redeem(id, { by, uses = 1, release }) {
      const row = rows.get(id);
      if (row?.status !== "charged") return "absent";
      const mine = row.redeemedBy.includes(by);
      if (release) {
        rows.set(id, { ...row, redeemedBy: row.redeemedBy.filter((each) => each !== by) });
        return mine ? "ok" : "absent";
      }
      if (mine) return "already_by_me";
      if (row.redeemedBy.length >= uses) return "used";
      rows.set(id, { ...row, redeemedBy: [...row.redeemedBy, by] });
      return "ok";
    },
    async list({ status, userId, key, before = Number.POSITIVE_INFINITY, limit = 100 }) {
      const place = typeof before === "number" ? { createdAt: before, id: "" } : before;
      const byNewest = (a: { createdAt: number; id: string }, b: typeof a) => b.createdAt - a.createdAt || (a.id < b.id ? 1 : -1);
      return [...rows.values()]
        .map(shown)
        .filter((row) => [status, row.status].includes(undefined) || status === row.status)
        .filter((row) => (userId ?? row.userId) === row.userId && (key ?? row.key) === row.key)
        .filter((row) => row.id !== place.id && byNewest(place, row) < 0)
        .sort(byNewest)
        .slice(0, limit);
    },
    async resolve(id, { to, note, attempt }) {
      const row = rows.get(id);
      if (!row || shown(row).status !== (attempt === undefined ? "unknown" : "declined")) return false;
      if (attempt !== undefined && (row.attempt !== attempt || to !== "charged")) return false;
      rows.set(id, { ...row, status: to, outcome: { ...row.outcome, note }, settledAt: now() });
      return true;
    },
    async health() {
      return { durable: false, epoch, now: now(), warnings: ["It forgets every charge when the process ends."] };
    },
  };
}
