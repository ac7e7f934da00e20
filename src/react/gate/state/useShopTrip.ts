import { useEffect, useMemo, useState } from "react";
import { listen } from "../../../client";
import type { UseAresUserResult } from "../../provider/userStore";

export interface ShopTrip {
  /** The user goes to the shop. */
  begin: () => void;
  /** The user pays here, so the balance is followed without the shop. */
  end: () => void;
}

/**
 * Reads the balance at each return from the shop. A shop in a window of its own hides no page, so nothing else would read it.
 * `holder` stands for the user and what is paid for: another one went nowhere.
 */
export function useShopTrip(holder: object, user: UseAresUserResult): ShopTrip {
  const [away, setAway] = useState<object>();
  const isAway = away === holder;
  useEffect(() => {
    if (!isAway) return;
    return listen(["focus"], () => {
      if (!user.isFetching) void user.refetch();
    });
  }, [isAway, user]);
  return useMemo(() => ({ begin: () => setAway(holder), end: () => setAway(undefined) }), [holder]);
}
