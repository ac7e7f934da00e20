import { useInsertionEffect, useMemo, useRef, useState } from "react";
import type { ChargeState } from "../../client";
import { useAres } from "../provider/context";
import type { OutcomeListeners } from "../provider/outcome";
import type { Usage } from "../provider/register";
import { useSame } from "../provider/useStable";
import { createHandles } from "./chargeHandles";
import {
  type CallTarget,
  type ChargeVariables,
  createUsageActions,
  type UnsentCall,
  type UsageActions,
  type UsagePage,
} from "./usageCalls";
import { usePrice } from "./useAresPrice";
import { useChargeState } from "./useCharge";
import { useNamedUser } from "./useNamedUser";

/** What `useAresUsage` charges for, and who hears of the outcome. */
export interface UseAresUsageOptions<U extends Usage = Usage>
  extends ChargeVariables<U>,
    OutcomeListeners {
  usage: U;
}

/** What `useAresUsage` returns: the state of the last charge, the actions, and the price. */
export type UseAresUsageResult<U extends Usage = Usage> = ChargeState &
  UsageActions<U> & {
    /** The price that a press agrees to, in credits; undefined until the price is read. */
    price: number | undefined;
  };

/**
 * Charges the signed-in user for one usage, at the price that was shown.
 *
 * Call `charge` from an event handler. It agrees to the price that was shown, and to no other: when the server's price
 * differs, nothing is charged (`price_changed`). An input whose price was never shown is `invalid_request`. One intent is never sent twice: after a lost answer the state is `unknown`, and only
 * `check` may follow. Each state holds what belongs to it. The actions keep their identity for the life of the hook.
 *
 * @example
 * const usage = useAresUsage({ usage: "export-pdf", onCharged: () => download() });
 * <button type="button" onClick={() => usage.charge()}>Export for {usage.price} credits</button>
 */
export function useAresUsage<U extends Usage>(
  options: UseAresUsageOptions<U>,
): UseAresUsageResult<U> {
  const ares = useAres();
  const { client } = ares;
  const { usage } = options;
  const own: CallTarget = useSame({ resource: options.resource, input: options.input });
  /** What the last call charged for, and the hook's own target then. Another own target is shown again. */
  const [called, setCalled] = useState<{ of: CallTarget; own: CallTarget }>();
  const read = usePrice({ usage, input: own.input, enabled: options.credits === undefined });
  const price = options.credits ?? read.price;

  // One handle for each resource and input that was called: a call joins its own charge, also while the hook shows another.
  const handles = useMemo(() => createHandles(client, usage), [client, usage]);
  const handle = handles.open(called && called.own === own ? called.of : own);
  const now: UsagePage = { ares, usage, listeners: options, own, price, handles, handle };
  const page = useRef(now);
  useInsertionEffect(() => {
    page.current = now;
    handles.listeners = options;
  });
  const namedUser = useNamedUser();
  const [charged, forget] = useChargeState(handle);
  const [unsent, showUnsent] = useState<UnsentCall>();

  const actions = useMemo(
    () =>
      createUsageActions<U>({
        page,
        namedUser,
        show: (of, own) => setCalled({ of, own }),
        showUnsent,
        forget,
      }),
    [forget, namedUser],
  );

  const state = charged.status === "idle" && unsent?.handle === handle ? unsent.state : charged;
  return useMemo(() => ({ ...state, ...actions, price }), [state, actions, price]);
}
