import { useMemo } from "react";
import { aresError, type ChargeState, type Receipt } from "../../client";
import type { AresError } from "../../contract";
import type { Usage } from "../provider/register";
import { useCharge, used } from "./useCharge";

export interface UseAresUsageOptions {
  usage: Usage;
  /** What exactly is paid for. Charged once per user, usage and resource; without one, each call of `charge` is a charge. */
  resource?: string | undefined;
  /** The price the user was shown. When the server's price differs, nothing is charged. */
  credits?: number | undefined;
}

export interface UseAresUsageResult {
  /** Charges once. Calls while a charge is on its way join it. @throws {AresError} */
  charge: () => Promise<Receipt>;
  /** Looks at a charge whose outcome is unknown, or whether the resource is paid. Never charges. */
  check: () => Promise<ChargeState["status"]>;
  /** Back to `idle`; for an unknown charge it is the user's word that they want to start over. */
  reset: () => void;
  status: ChargeState["status"];
  receipt: Receipt | undefined;
  error: AresError | undefined;
}

/**
 * Charges the signed-in user for one usage, at the server's price.
 *
 * Call `charge` from an event handler. It never sends the same intent twice: after a lost answer it rejects with
 * `outcome_unknown`, and only `check` may follow.
 *
 * @example
 * const { charge, status } = useAresUsage({ usage: "export-pdf" });
 * <button type="button" onClick={() => charge().then(download, () => {})}>Export</button>
 *
 * @throws {AresError} `insufficient_credits`, `outcome_unknown`, …
 */
export function useAresUsage({ usage, resource, credits }: UseAresUsageOptions): UseAresUsageResult {
  const [handle, state] = useCharge(usage, resource, false);
  const actions = useMemo(
    () => ({
      async charge() {
        // Without a resource each call is an intent of its own. What was paid over a reload and never used is handed out first.
        if (resource === undefined && used.has(handle.get())) handle.reset();
        const settled = await handle.charge(credits);
        if (settled.status === "charged") {
          used.add(settled);
          handle.take();
          return settled.receipt;
        }
        throw "error" in settled ? settled.error : aresError("outcome_unknown");
      },
      check: async () => (await handle.check()).status,
      reset: handle.reset,
    }),
    [handle, resource, credits],
  );
  return {
    ...actions,
    status: state.status,
    receipt: state.status === "charged" ? state.receipt : undefined,
    error: "error" in state ? state.error : undefined,
  };
}
