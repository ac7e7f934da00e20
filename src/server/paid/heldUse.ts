import type { WaitingWrite } from "../charge/waitingWrites";
import type { RedeemResult, Redemption } from "../ledger/redemption";

/** One use of a charge, in the hands of the request that counted it. No method rejects. */
export interface HeldUse {
  /** The work ended: the use is used. */
  end(): Promise<void>;
  /** The work failed: the use is given back, at most `releases` times per charge where a limit is named. */
  release(releases?: number): Promise<void>;
}

/** The use of a repeat, or of a charge that counts none. */
export const noUse: HeldUse = { end: async () => {}, release: async () => {} };

/** How long a use outlives its process. */
export const LEASE_MS = 30_000;
const RENEW_MS = 10_000;
/** Work holds its use for ten minutes at most. */
const MOST_RENEWALS = (10 * 60_000 - LEASE_MS) / RENEW_MS;

type Redeem = (
  change: Pick<Redemption, "work" | "leaseMs" | "release" | "releases">,
) => Promise<RedeemResult>;

/** Hands a counted use on. A write that fails is tried again behind the answer. */
export function createHeldUse(redeem: Redeem, later: (waiting: WaitingWrite) => void): HeldUse {
  let finished = false;

  async function finish(change: Parameters<Redeem>[0]): Promise<void> {
    if (finished) return;
    finished = true;
    const write = async () => void (await redeem(change));
    await write().catch(() => later({ write, lost: () => {} }));
  }

  return {
    end: () => finish({ work: "ended" }),
    release: (releases) => finish({ release: true, ...(releases !== undefined && { releases }) }),
  };
}

/** Renews the lease of a use while its work runs. */
export function renewing(use: HeldUse, redeem: Redeem): HeldUse {
  let renewals = 0;
  let last: Promise<unknown> = Promise.resolve();
  const timer = setInterval(() => {
    renewals += 1;
    if (renewals >= MOST_RENEWALS) clearInterval(timer);
    last = redeem({ work: "goes_on", leaseMs: LEASE_MS }).catch(() => {});
  }, RENEW_MS);
  // The timer alone must not keep a process alive. Other runtimes give a number.
  if (typeof timer === "object") timer.unref();

  // A renewal under way must not follow the end.
  async function stop(): Promise<void> {
    clearInterval(timer);
    await last;
  }

  return {
    end: async () => {
      await stop();
      await use.end();
    },
    release: async (releases) => {
      await stop();
      await use.release(releases);
    },
  };
}
