import { maxKeyAgeMs } from "../../contract";
import type { Charged, Intent } from "../charge/charge";
import type { ChargeEngine } from "../charge/chargeEngine";
import { digest } from "../ledger/digest";
import { isOpen, msSinceSettled } from "../ledger/rows";

/** Charges presses of the guide's own button, which sends no idempotency key. */
export interface KeylessPosts {
  charge(intent: Omit<Intent, "key">): Promise<Charged>;
}

/** A press this soon after the one before was charged is still the same intent. */
const SAME_PRESS_MS = 2_000;

/**
 * Gives presses without a key the key of the press before, while that one is open, unknown or just done.
 *
 * This is weaker than a key from the browser: only in one process is it exact for presses at the same instant.
 */
export function createKeylessPosts(engine: ChargeEngine, now: () => number): KeylessPosts {
  const underWay = new Map<string, Promise<Charged>>();

  async function chargeOnce(intent: Omit<Intent, "key">): Promise<Charged> {
    const mark = await digest(["press", intent.usage, intent.resource]);
    const { userId } = intent.auth;
    const before = [...(await engine.recent(userId)), ...(await engine.unconfirmed(userId, maxKeyAgeMs))].find(
      (row) => row.key.endsWith(`-${mark}`) && (isOpen(row) || (row.status === "charged" && msSinceSettled(row) < SAME_PRESS_MS)),
    );
    const minted = Math.floor(now() / SAME_PRESS_MS) * SAME_PRESS_MS;
    // The rounded time may lie before the ledger's first moment; the press itself does not.
    return engine.charge({ ...intent, key: before?.key ?? `${minted}-${mark}`, mintedAt: now() });
  }

  return {
    charge(intent) {
      const press = JSON.stringify([intent.auth.userId, intent.usage, intent.resource]);
      const charging = underWay.get(press) ?? chargeOnce(intent).finally(() => underWay.delete(press));
      underWay.set(press, charging);
      return charging;
    },
  };
}
