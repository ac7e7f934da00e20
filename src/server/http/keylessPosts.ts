import { digest, maxKeyAgeMs } from "../../contract";
import type { ChargeEngine } from "../charge/chargeEngine";
import type { Charged, Intent } from "../charge/intent";
import { isUnsettled, msSinceSettled } from "../ledger/rows";
import { refuse } from "../refusals";
import type { CountRequest } from "./rateLimit";

/** Charges a POST without an idempotency key, as the guide's button sends it. */
export interface KeylessPosts {
  charge(intent: Omit<Intent, "key">): Promise<Charged>;
}

/** A POST this soon after a charge is the same intent. */
const SAME_PRESS_MS = 2_000;

/**
 * Gives a POST without a key the key of the POST before, while that charge is open or just done.
 *
 * A key from the browser is stronger: POSTs at the same instant share a key only within one process.
 */
export function createKeylessPosts(
  engine: ChargeEngine,
  now: () => number,
  countRequest: CountRequest,
): KeylessPosts {
  const underWay = new Map<string, Promise<Charged>>();

  async function chargeOnce(intent: Omit<Intent, "key">): Promise<Charged> {
    const press = await digest(["press", intent.usage, intent.resource]);
    const { userId } = intent.auth;
    // The limit comes before the lists: a user over the limit costs no read.
    const giveBack = countRequest("charges", userId);
    const earlier = [
      ...(await engine.recent(userId)),
      ...(await engine.unsettled(userId, maxKeyAgeMs)),
    ].find(
      (row) =>
        row.key.endsWith(`-${press}`) &&
        (isUnsettled(row) || (row.status === "charged" && msSinceSettled(row) < SAME_PRESS_MS)),
    );
    const minted = Math.floor(now() / SAME_PRESS_MS) * SAME_PRESS_MS;
    // The rounded time may lie before the ledger's epoch. The exact time does not.
    return engine.charge({
      ...intent,
      giveBack,
      key: earlier?.key ?? `${minted}-${press}`,
      mintedAt: now(),
    });
  }

  return {
    async charge(intent) {
      if (intent.input !== undefined)
        throw refuse("invalid_request", { usage: intent.usage }, { message: NO_KEY });
      // Before the rows are listed, and before a press joins another.
      await engine.refuseOtherUser({ ...intent, userId: intent.auth.userId });
      const press = JSON.stringify([intent.auth.userId, intent.usage, intent.resource]);
      const charging =
        underWay.get(press) ?? chargeOnce(intent).finally(() => underWay.delete(press));
      underWay.set(press, charging);
      return charging;
    },
  };
}

const NO_KEY =
  "A charge with an input needs an Idempotency-Key. Nothing was charged. Mint a key for each intent.";
