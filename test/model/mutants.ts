import type { Ledger } from "../../src/server";
import type { Patch } from "./schedule";

type Change = (ledger: Ledger, now: () => number) => Partial<Ledger>;
const ledger = (change: Change): Patch => ({
  ledger: (whole, now) => ({ ...whole, ...change(whole, now) }),
});

/** Requests that never get too old to charge. That fence stands in front of others, which are tested without it. */
const ageless: Patch = {
  charge: (charge) => (intent) => charge({ ...intent, arrivedAt: Number.POSITIVE_INFINITY }),
};

/** A ledger that can forget a row. The next claim of its id meets an empty book. */
function forgetful(
  change: (ledger: Ledger, forget: (id: string) => void, now: () => number) => Partial<Ledger>,
): Patch {
  return ledger((whole, now) => {
    const generations = new Map<string, number>();
    const at = (id: string) => `${id}#${generations.get(id) ?? 0}`;
    const forget = (id: string) => void generations.set(id, (generations.get(id) ?? 0) + 1);
    const renamed: Ledger = {
      ...whole,
      // The forgotten row must not keep its key either.
      claim: (id, claim) => whole.claim(at(id), { ...claim, key: at(id).replace(id, claim.key) }),
      begin: (id, begin) => whole.begin(at(id), begin),
      settle: (id, settlement) => whole.settle(at(id), settlement),
      find: (id) => whole.find(at(id)),
    };
    return { ...renamed, ...change(renamed, forget, now) };
  });
}

const forgetAndClaim = (
  whole: Ledger,
  forget: (id: string) => void,
  id: string,
  claim: Parameters<Ledger["claim"]>[1],
) => {
  forget(id);
  return whole.claim(id, claim);
};

/** Engines and ledgers with one fault. The model must catch each; a model that lets one live proves nothing. */
export const mutants: Readonly<Record<string, Patch>> = {
  "a sender whose lease has ended is taken over": forgetful((whole, forget) => ({
    async claim(id, claim) {
      const result = await whole.claim(id, claim);
      const abandoned =
        result.k === "done" && result.row.status === "unknown" && result.row.settledAt === null;
      return abandoned ? forgetAndClaim(whole, forget, id, claim) : result;
    },
  })),
  "a sender is taken over at once": forgetful((whole, forget) => ({
    async claim(id, claim) {
      const result = await whole.claim(id, claim);
      return result.k === "busy" && result.row.status === "sending"
        ? forgetAndClaim(whole, forget, id, claim)
        : result;
    },
  })),
  "an unconfirmed charge may be sent again": forgetful((whole, forget) => ({
    async claim(id, claim) {
      const result = await whole.claim(id, claim);
      return result.k === "done" && result.row.status === "unknown"
        ? forgetAndClaim(whole, forget, id, claim)
        : result;
    },
  })),
  "a row is deleted when its outcome is unknown": forgetful((whole, forget) => ({
    async settle(id, settlement) {
      const done = await whole.settle(id, settlement);
      if (settlement.to === "unknown") forget(id);
      return done;
    },
  })),
  "a slow claim keeps its row after a reader was told of nothing": {
    ...ageless,
    ...ledger((whole) => ({
      claim: async (id, claim) => (claim.leaseMs === 0 ? { k: "mine" } : whole.claim(id, claim)),
    })),
  },
  "begin does not look at the attempt": {
    ...ageless,
    ...ledger((whole) => ({
      async begin(id, begin) {
        await whole.begin(id, begin);
        return true;
      },
    })),
  },
  "a renewed token is sent without asking the ledger again": {
    ...ageless,
    ...ledger((whole) => {
      const begun = new Set<string>();
      return {
        async begin(id, begin) {
          if (begun.has(begin.attempt)) return true;
          const yes = await whole.begin(id, begin);
          if (yes) begun.add(begin.attempt);
          return yes;
        },
      };
    }),
  },
  "claim reads from a replica that lags": forgetful((whole, forget, now) => ({
    async claim(id, claim) {
      const result = await whole.claim(id, claim);
      const unseen =
        (result.k === "busy" || result.k === "done") && now() - result.row.createdAt < 1_000;
      return unseen ? forgetAndClaim(whole, forget, id, claim) : result;
    },
  })),
  "a ledger that can't answer is taken for a yes": ledger((whole) => ({
    claim: async (id, claim) => {
      const result = await whole.claim(id, claim);
      return result.k === "busy" ? { k: "mine" } : result;
    },
    begin: (id, begin) => whole.begin(id, begin).then(() => true),
  })),
  "an unknown charge is written down as declined": ledger((whole) => ({
    settle: (id, settlement) =>
      whole.settle(
        id,
        settlement.to === "unknown" ? { ...settlement, to: "declined" } : settlement,
      ),
  })),
  "a charged charge is written down as declined": ledger((whole) => ({
    settle: (id, settlement) =>
      whole.settle(
        id,
        settlement.to === "charged" ? { ...settlement, to: "declined" } : settlement,
      ),
  })),
  "an unknown charge is written down as charged": ledger((whole) => ({
    settle: (id, settlement) =>
      whole.settle(id, settlement.to === "unknown" ? { ...settlement, to: "charged" } : settlement),
  })),
  "an unknown charge frees its key": ledger((whole) => ({
    settle: (id, settlement) =>
      whole.settle(id, settlement.to === "unknown" ? { ...settlement, to: "claimed" } : settlement),
  })),
  "a declined charge frees its key": ledger((whole) => ({
    settle: (id, settlement) =>
      whole.settle(
        id,
        settlement.to === "declined" ? { ...settlement, to: "claimed" } : settlement,
      ),
  })),
  "a declined key whose row another key has taken is let in again": ledger((whole) => ({
    async claim(id, claim) {
      const result = await whole.claim(id, claim);
      if (result.k !== "mismatch") return result;
      const [own] = await whole.list({ userId: claim.userId, key: claim.key });
      return own?.status === "declined"
        ? whole.claim(id, { ...claim, key: `${claim.key}-` })
        : result;
    },
  })),
  "a settlement is thrown away": ledger((whole) => ({
    settle: async (id, settlement) => settlement.to === "charged" || whole.settle(id, settlement),
  })),
  "a key is not the user's own": {
    charge: (charge) => (intent) =>
      charge({ ...intent, auth: { ...intent.auth, userId: "everyone" } }),
  },
  "the price the user was shown is not compared": {
    charge:
      (charge) =>
      ({ shownCredits: _, ...intent }) =>
        charge(intent),
  },
  "the price in the key is not compared": {
    charge: (charge) => (intent) =>
      charge({ ...intent, key: intent.key.replace(/\.\d+$/, ".100") }),
  },
  "the owner in the key is not compared": {
    charge: (charge) => (intent) => charge({ ...intent, key: intent.key.replace(/\..*/, "") }),
  },
  "a lost answer is sent again by the HTTP client": {
    post: (post) => async (token, credits) => {
      const reply = await post(token, credits);
      return reply.status === "lost" ? post(token, credits) : reply;
    },
  },
  "an error of ARES is sent again": {
    post: (post) => async (token, credits) => {
      const reply = await post(token, credits);
      return reply.status === "answered" && reply.http >= 500 ? post(token, credits) : reply;
    },
  },
  "an old key is taken after its row was forgotten": {
    ...forgetful((whole, forget, now) => {
      const until = new Map<string, number>();
      return {
        async claim(id, claim) {
          if ((until.get(id) ?? Number.POSITIVE_INFINITY) <= now()) forget(id);
          const result = await whole.claim(id, claim);
          if (result.k === "mine") until.set(id, now() + claim.retainMs);
          return result;
        },
      };
    }),
    // A clock that stands still makes every key look young.
    now: (now) => {
      const then = now();
      return () => then;
    },
  },
};
