import { useMemo } from "react";
import { aresError, type ChargeState, type Receipt } from "../../client";
import type { AresError } from "../../contract";
import type { Usage } from "../provider/register";
import { delivered, useCharge } from "./useCharge";

export interface UseAresUsageOptions {
  usage: Usage;
  /** What exactly is paid for: charged once per user, usage and resource. Without a resource each `charge` is a new charge. */
  resource?: string | undefined;
  /** The price the user was shown. When the server's price differs, nothing is charged. */
  credits?: number | undefined;
}

export interface UseAresUsageResult {
  /** Charges once. Calls while a charge is on its way join it. @throws {AresError} */
  charge: () => Promise<Receipt>;
  /** Checks a charge whose outcome is unknown, or whether the resource is paid. Never charges. */
  check: () => Promise<ChargeState["status"]>;
  /** Goes back to `idle`. For an unknown charge this is the user's decision to start over. */
  reset: () => void;
  status: ChargeState["status"];
  receipt: Receipt | undefined;
  error: AresError | undefined;
}

/**
 * Charges the signed-in user for one usage, at the server's price.
 *
 * Call `charge` from an event handler. One intent is never sent twice: after a lost answer `charge` rejects with
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
        // Without a resource each call is a new intent. A charge that was paid before a reload and not delivered comes first.
        if (resource === undefined && delivered.has(handle.get())) handle.reset();
        const settled = await handle.charge(credits);
        if (settled.status === "charged") {
          delivered.add(settled);
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
